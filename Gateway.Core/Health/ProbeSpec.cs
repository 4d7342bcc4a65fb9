using Gateway.Core.Connecting;

namespace Gateway.Core.Health;

/// <summary>The definition of a probe. Two pools with the same address and an equal spec share its probes.</summary>
public sealed record ProbeSpec
{
    public ProbeKind Kind { get; init; } = ProbeKind.Http;

    /// <summary>Path and query of an HTTP probe. Default <c>/health</c>.</summary>
    public string Path { get; init; } = "/health";

    /// <summary>The Host field of an HTTP probe; null for the endpoint's own.</summary>
    public string? Host { get; init; }

    /// <summary>The lowest status that passes. Default 200.</summary>
    public int StatusFrom { get; init; } = 200;

    /// <summary>The highest status that passes. Default 299.</summary>
    public int StatusTo { get; init; } = 299;

    /// <summary>Text required in the first 64 KiB of the answer's body; null for any body.</summary>
    public string? BodyContains { get; init; }

    /// <summary>The service named in a gRPC probe. Default empty: the server as a whole.</summary>
    public string Service { get; init; } = "";

    /// <summary>The protocol of an HTTP probe: that of the pool's backends.</summary>
    public BackendProtocol Protocol { get; init; }

    /// <summary>The PROXY protocol header of a probe's connection: the same version as for traffic, but without a client address.</summary>
    public BackendProxyProtocol ProxyProtocol { get; init; }

    /// <summary>The TLS settings of a probe: those of traffic.</summary>
    public TlsPolicy Tls { get; init; } = TlsPolicy.Default;

    /// <summary>The time limit of a probe. Default 5 s, 10 ms to 1 min; never more than the interval.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
