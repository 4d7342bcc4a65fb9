using Gateway.Core.Connecting;

namespace Gateway.Core.Health;

/// <summary>What one probe does. Two pools with the same address and an equal spec share its probes.</summary>
public sealed record ProbeSpec
{
    public ProbeKind Kind { get; init; } = ProbeKind.Http;

    /// <summary>Path and query of an HTTP probe. Default <c>/health</c>.</summary>
    public string Path { get; init; } = "/health";

    /// <summary>The Host field of an HTTP probe; null: the endpoint's own.</summary>
    public string? Host { get; init; }

    /// <summary>The lowest status that passes. Default 200.</summary>
    public int StatusFrom { get; init; } = 200;

    /// <summary>The highest status that passes. Default 299.</summary>
    public int StatusTo { get; init; } = 299;

    /// <summary>Text that the first 64 KiB of the answer's body must hold; null: any body.</summary>
    public string? BodyContains { get; init; }

    /// <summary>The service that a gRPC probe asks about. Default empty: the server as a whole.</summary>
    public string Service { get; init; } = "";

    /// <summary>What an HTTP probe speaks: what the pool's backends speak.</summary>
    public BackendProtocol Protocol { get; init; }

    /// <summary>With which header of the PROXY protocol, if any, a probe's connection begins: as those of traffic, but it names no client.</summary>
    public BackendProxyProtocol ProxyProtocol { get; init; }

    /// <summary>How a probe sets up TLS: as traffic does.</summary>
    public TlsPolicy Tls { get; init; } = TlsPolicy.Default;

    /// <summary>Default 5 s, 10 ms to 1 min; never more than the interval.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
