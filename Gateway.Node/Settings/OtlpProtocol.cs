namespace Gateway.Node.Settings;

/// <summary>How spans are sent.</summary>
public enum OtlpProtocol
{
    /// <summary>HTTP/1.1 with protobuf; a path of <c>/</c> stands for <c>/v1/traces</c>.</summary>
    Http,

    /// <summary>gRPC.</summary>
    Grpc,
}
