using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>Fields for a single connection, which are never forwarded (RFC 9110 7.6.1).</summary>
internal static class HopByHop
{
    /// <summary>Whether the field is always dropped. <c>TE: trailers</c> is allowed elsewhere.</summary>
    public static bool Contains(string field) => field.Length switch
    {
        2 => Is(field, HeaderNames.TE),
        7 => Is(field, HeaderNames.Upgrade),
        10 => Is(field, HeaderNames.Connection) || Is(field, HeaderNames.KeepAlive),
        14 => Is(field, "HTTP2-Settings"), // Belongs to Upgrade: h2c, which is not supported.
        16 => Is(field, HeaderNames.ProxyConnection),
        17 => Is(field, HeaderNames.TransferEncoding),
        _ => false,
    };

    /// <summary>Whether the field gives the body's length, which the sender of the body sets itself.</summary>
    public static bool IsFraming(string field) => field.Length == 14 && Is(field, HeaderNames.ContentLength);

    private static bool Is(string field, string name) => field.Equals(name, StringComparison.OrdinalIgnoreCase);
}
