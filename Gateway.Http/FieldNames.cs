using System.Text;

namespace Gateway.Http;

/// <summary>Recognizes the field names with a meaning for a proxy, ignoring case.</summary>
public static class FieldNames
{
    /// <summary>The last hop-by-hop name.</summary>
    public const FieldName LastHopByHop = FieldName.Http2Settings;

    public static FieldName Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Is(name, "te"u8, FieldName.Te),
        3 => Is(name, "via"u8, FieldName.Via),
        4 => (name[0] | 0x20) == 'h' ? Is(name, "host"u8, FieldName.Host) : Is(name, "date"u8, FieldName.Date),
        6 => Is(name, "expect"u8, FieldName.Expect),
        7 => (name[0] | 0x20) == 'u' ? Is(name, "upgrade"u8, FieldName.Upgrade) : Is(name, "trailer"u8, FieldName.Trailer),
        9 => Is(name, "forwarded"u8, FieldName.Forwarded),
        10 => (name[0] | 0x20) == 'c' ? Is(name, "connection"u8, FieldName.Connection)
            : (name[0] | 0x20) == 'k' ? Is(name, "keep-alive"u8, FieldName.KeepAlive)
            : Is(name, "tracestate"u8, FieldName.TraceState),
        11 => (name[0] | 0x20) == 'c' ? MatchAnySeparator(name, "client-cert"u8, FieldName.ClientCert)
            : (name[0] | 0x20) == 'r' ? Is(name, "retry-after"u8, FieldName.RetryAfter)
            : (name[0] | 0x20) == 'g' ? Is(name, "grpc-status"u8, FieldName.GrpcStatus)
            : Is(name, "traceparent"u8, FieldName.TraceParent),
        12 => (name[0] | 0x20) == 'c' ? Is(name, "content-type"u8, FieldName.ContentType)
            : (name[0] | 0x20) == 'm' ? Is(name, "max-forwards"u8, FieldName.MaxForwards)
            : (name[0] | 0x20) == 'g' ? Is(name, "grpc-timeout"u8, FieldName.GrpcTimeout)
            : (name[2] | 0x20) == 'h' ? MatchAnySeparator(name, "x-httpcg-url"u8, FieldName.XHttpcgUrl)
            : Is(name, "x-request-id"u8, FieldName.XRequestId),
        14 => (name[0] | 0x20) == 'c' ? Is(name, "content-length"u8, FieldName.ContentLength)
            : (name[0] | 0x20) == 'x' ? MatchAnySeparator(name, "x-httpcg-plane"u8, FieldName.XHttpcgPlane)
            : Is(name, "http2-settings"u8, FieldName.Http2Settings),
        15 => Is(name, "x-forwarded-for"u8, FieldName.XForwardedFor),
        16 => (name[0] | 0x20) != 'x' ? Is(name, "proxy-connection"u8, FieldName.ProxyConnection)
            : (name[12] | 0x20) == 'h' ? Is(name, "x-forwarded-host"u8, FieldName.XForwardedHost)
            : (name[12] | 0x20) == 'r' ? MatchAnySeparator(name, "x-gateway-mirror"u8, FieldName.XGatewayMirror)
            : FieldName.Other,
        17 => (name[0] | 0x20) == 't' ? Is(name, "transfer-encoding"u8, FieldName.TransferEncoding)
            : (name[0] | 0x20) == 'c' ? MatchAnySeparator(name, "client-cert-chain"u8, FieldName.ClientCertChain)
            : Is(name, "x-forwarded-proto"u8, FieldName.XForwardedProto),
        25 => Is(name, "strict-transport-security"u8, FieldName.StrictTransportSecurity),
        _ => FieldName.Other,
    };

    /// <summary>
    /// CGI-style programs do not distinguish dashes from underscores, so a name that must not reach them must not pass in its other form.
    /// </summary>
    private static FieldName MatchAnySeparator(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, FieldName field)
    {
        Span<byte> dashed = stackalloc byte[name.Length];
        name.Replace(dashed, (byte)'_', (byte)'-');
        return Is(dashed, known, field);
    }

    private static FieldName Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, FieldName field) =>
        (name[0] | 0x20) == known[0] && Ascii.EqualsIgnoreCase(name, known) ? field : FieldName.Other;
}
