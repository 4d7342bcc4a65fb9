namespace Gateway.Core.Health;

public enum ProbeKind
{
    /// <summary>A GET that has to be answered with an expected status.</summary>
    Http,

    /// <summary>A connection that has to come about.</summary>
    Tcp,

    /// <summary>The standard gRPC health service.</summary>
    Grpc,

    /// <summary>No probes: the verdict stays Unknown and only traffic speaks.</summary>
    None,
}
