namespace Gateway.Core.Health;

public enum ProbeKind
{
    /// <summary>A GET that must be answered with an expected status.</summary>
    Http,

    /// <summary>A connection that must be established.</summary>
    Tcp,

    /// <summary>The standard gRPC health service.</summary>
    Grpc,

    /// <summary>No probes: the verdict stays Unknown and only traffic speaks.</summary>
    None,
}
