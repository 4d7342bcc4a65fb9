namespace Gateway.Core.Connecting;

/// <summary>How TLS to backends is set up, traffic's and probes'. Files are read at the start and at each reload. Nothing is ever fetched.</summary>
public sealed record TlsPolicy
{
    public static TlsPolicy Default { get; } = new();

    /// <summary>The name that a backend's certificate must be for, and that it is asked for (SNI). Default null: the host of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file of the certificates that are trusted, instead of the system's. Default null: the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>A PEM file with the certificate that is shown to backends, its chain and its private key. Default null: none is shown.</summary>
    public string? Certificate { get; init; }
}
