namespace Gateway.Tests.Conformance.Http2;

/// <summary>A theory of a rule that the gateway's own server of HTTP/2 keeps; skipped as <see cref="OwnHttp2FactAttribute"/> says.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnHttp2TheoryAttribute : TheoryAttribute
{
    public OwnHttp2TheoryAttribute() => Skip = OwnHttp2FactAttribute.Reason;
}
