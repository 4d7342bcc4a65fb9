namespace Gateway.Node.Settings;

/// <summary>The protocol of exported spans and metrics.</summary>
public enum OtlpProtocol
{
    /// <summary>HTTP/1.1 with protobuf; a path of <c>/</c> means <c>/v1/traces</c> or <c>/v1/metrics</c>.</summary>
    Http,

    /// <summary>gRPC.</summary>
    Grpc,
}
