namespace Gateway.Core.Connecting;

/// <summary>The protocol of a pool's backends.</summary>
public enum BackendProtocol
{
    Http1,

    /// <summary>
    /// HTTP/2, without TLS by prior knowledge; required for gRPC.
    /// </summary>
    Http2,
}
