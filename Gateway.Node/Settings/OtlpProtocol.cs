namespace Gateway.Node.Settings;

/// <summary>How spans and metrics are sent.</summary>
public enum OtlpProtocol
{
    /// <summary>HTTP/1.1 with protobuf; a path of <c>/</c> stands for <c>/v1/traces</c> or <c>/v1/metrics</c>.</summary>
    Http,

    /// <summary>gRPC.</summary>
    Grpc,
}
