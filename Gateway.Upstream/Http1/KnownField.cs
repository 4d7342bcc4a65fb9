namespace Gateway.Upstream.Http1;

/// <summary>
/// Names of fields that are recognised in an answer, so that nothing is allocated for them. The order carries meaning: first what
/// belongs to one connection, then what belongs to the form of one message, then the rest.
/// </summary>
internal enum KnownField : byte
{
    /// <summary>Any other name.</summary>
    None,

    Connection,
    KeepAlive,
    ProxyConnection,
    TE,
    TransferEncoding,
    Upgrade,

    /// <summary>The last of what is never forwarded.</summary>
    LastHopByHop = Upgrade,

    ContentEncoding,
    ContentLength,
    ContentRange,
    ContentType,
    Host,
    Trailer,

    /// <summary>The last of what has no place in a trailer section (RFC 9110 6.5.1): framing, routing, the content's format.</summary>
    LastOfHeadsOnly = Trailer,

    AcceptRanges,
    AccessControlAllowCredentials,
    AccessControlAllowHeaders,
    AccessControlAllowMethods,
    AccessControlAllowOrigin,
    AccessControlExposeHeaders,
    AccessControlMaxAge,
    Age,
    Allow,
    AltSvc,
    CacheControl,
    ContentDisposition,
    ContentLanguage,
    ContentLocation,
    ContentSecurityPolicy,
    Date,
    ETag,
    Expires,
    LastModified,
    Link,
    Location,
    Pragma,
    ProxyAuthenticate,
    ReferrerPolicy,
    RetryAfter,
    Server,
    ServerTiming,
    SetCookie,
    StrictTransportSecurity,
    TraceParent,
    Vary,
    Via,
    Warning,
    WWWAuthenticate,
    XContentTypeOptions,
    XFrameOptions,
    XPoweredBy,
    XRequestId,
    XXssProtection,
}
