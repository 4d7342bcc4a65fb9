namespace Gateway.Http;

/// <summary>The field names with a meaning for a proxy. All others pass unchanged.</summary>
public enum FieldName : byte
{
    Other,

    // Hop-by-hop: always dropped (RFC 9110 7.6.1).
    Connection,
    KeepAlive,
    ProxyConnection,
    Te,
    TransferEncoding,
    Upgrade,
    Http2Settings,

    // End to end from here on.
    ContentLength,
    Host,
    Expect,
    Via,
    Trailer,
    MaxForwards,
    RetryAfter,
    Date,
    XForwardedFor,
    XForwardedProto,
    XForwardedHost,
    Forwarded,
    XRequestId,
    ClientCert,
    ClientCertChain,
    StrictTransportSecurity,
    TraceParent,
    TraceState,
    XHttpcgUrl,
    XHttpcgPlane,
    ContentType,
    GrpcTimeout,
    GrpcStatus,
    XGatewayMirror,
}
