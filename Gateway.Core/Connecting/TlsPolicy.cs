namespace Gateway.Core.Connecting;

/// <summary>
/// TLS settings for backend connections of traffic and probes. Files are read at the start and at each reload. Nothing is fetched from the network.
/// </summary>
public sealed record TlsPolicy
{
    public static TlsPolicy Default { get; } = new();

    /// <summary>The name required in a backend's certificate and sent as SNI. Default null: the host of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file of trusted certificates, in place of the system's. Default null: the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>A PEM file with the client certificate, its chain and its private key. Default null: no client certificate.</summary>
    public string? Certificate { get; init; }
}
