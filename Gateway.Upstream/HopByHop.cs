using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream;

/// <summary>Fields that are for one connection only and never forwarded (RFC 9110 7.6.1).</summary>
public static class HopByHop
{
    /// <summary>Whether the field is always dropped. <c>TE: trailers</c> and websocket upgrades are let through elsewhere.</summary>
    public static bool Contains(string field) => field.Length switch
    {
        2 => Is(field, HeaderNames.TE),
        7 => Is(field, HeaderNames.Upgrade),
        10 => Is(field, HeaderNames.Connection) || Is(field, HeaderNames.KeepAlive),
        14 => Is(field, "HTTP2-Settings"), // Belongs to Upgrade: h2c, which is not served.
        16 => Is(field, HeaderNames.ProxyConnection),
        17 => Is(field, HeaderNames.TransferEncoding),
        _ => false,
    };

    /// <summary>Whether a Connection field names this one, so that it is dropped too. Cheap for the usual values.</summary>
    public static bool IsNamedBy(StringValues connection, string field)
    {
        foreach (var value in connection)
        {
            if (value is not null && Names(value, field))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the request asks for a websocket: the one upgrade that passes.</summary>
    public static bool IsWebSocket(HttpRequest request) =>
        request.Headers.Upgrade is { Count: 1 } upgrade && Is(upgrade[0]!, "websocket") && IsNamedBy(request.Headers.Connection, HeaderNames.Upgrade);

    private static bool Names(ReadOnlySpan<char> list, string field)
    {
        foreach (var range in list.Split(','))
        {
            if (list[range].Trim().Equals(field, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(string field, string name) => field.Equals(name, StringComparison.OrdinalIgnoreCase);
}
