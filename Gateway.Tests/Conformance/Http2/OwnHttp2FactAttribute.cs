namespace Gateway.Tests.Conformance.Http2;

/// <summary>A test of a rule that the gateway's own server of HTTP/2 keeps; skipped where Kestrel serves HTTP/2, which keeps it in its own way.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnHttp2FactAttribute : FactAttribute
{
    /// <summary>The reason to skip; null: there is none.</summary>
    public static string? Reason => FrameServer.IsKestrel ? "Kestrel serves HTTP/2" : null;

    public OwnHttp2FactAttribute() => Skip = Reason;
}
