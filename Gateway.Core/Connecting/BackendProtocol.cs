namespace Gateway.Core.Connecting;

/// <summary>What the backends of a pool speak.</summary>
public enum BackendProtocol
{
    Http1,

    /// <summary>HTTP/2, without TLS by prior knowledge: what gRPC needs.</summary>
    Http2,
}
