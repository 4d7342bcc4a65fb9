using System.Collections.Immutable;
using System.Net;
using Gateway.Core.Balancing;
using Gateway.Upstream;
using Microsoft.Extensions.Primitives;

namespace Gateway.Node.Proxying;

/// <summary>
/// Who a request comes from, and how that is told to the endpoint. What the peer says of earlier hops counts only if the peer is a
/// trusted proxy: its fields are then appended to, otherwise replaced.
/// </summary>
internal static class ClientIdentity
{
    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>The hash key of the client: the peer's address, or the last untrusted one that a trusted peer forwarded.</summary>
    public static ulong KeyOf(HttpContext context, ImmutableArray<IPNetwork> trusted)
    {
        var peer = context.Connection.RemoteIpAddress;
        if (peer is null)
        {
            return 0;
        }

        return HashKey.Of(IsTrusted(peer, trusted) ? LastUntrusted(context.Request.Headers[ForwardedFor], trusted) ?? peer : peer);
    }

    public static ForwardedFields FieldsOf(HttpContext context, string via, ImmutableArray<IPNetwork> trusted)
    {
        var request = context.Request;
        var peer = context.Connection.RemoteIpAddress;
        var address = peer is null ? "unknown" : (peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).ToString();
        var host = request.Host.Value is { Length: > 0 } value ? value : null;
        var forwarded = $"for={Quote(address)};proto={request.Scheme}{(host is null ? "" : $";host={Quote(host)}")}";
        if (peer is null || !IsTrusted(peer, trusted))
        {
            return new(via, address, request.Scheme, host, forwarded);
        }

        var headers = request.Headers;
        return new(
            via,
            Append(headers[ForwardedFor], address),
            First(headers["X-Forwarded-Proto"]) ?? request.Scheme,
            First(headers["X-Forwarded-Host"]) ?? host,
            Append(headers["Forwarded"], forwarded));
    }

    private static bool IsTrusted(IPAddress peer, ImmutableArray<IPNetwork> trusted)
    {
        if (trusted.IsDefaultOrEmpty)
        {
            return false;
        }

        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        foreach (var network in trusted)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPAddress? LastUntrusted(StringValues forwardedFor, ImmutableArray<IPNetwork> trusted)
    {
        IPAddress? last = null;
        var hops = forwardedFor.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && IPAddress.TryParse(hops[i], out var hop); i--)
        {
            last = hop;
            if (!IsTrusted(hop, trusted))
            {
                break;
            }
        }

        return last;
    }

    private static string Append(StringValues before, string value) =>
        StringValues.IsNullOrEmpty(before) ? value : $"{string.Join(", ", (IEnumerable<string?>)before)}, {value}";

    private static string? First(StringValues values) => values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values.ToString();

    /// <summary>A node or host as RFC 7239 has it: in quotes unless it is a token, an IPv6 address in brackets too.</summary>
    private static string Quote(string value)
    {
        var bare = value.AsSpan().IndexOfAnyExcept(TokenCharacters) < 0;
        return bare ? value
            : IPAddress.TryParse(value, out var address) && address.GetAddressBytes().Length == 16 && value[0] != '[' ? $"\"[{value}]\""
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static readonly System.Buffers.SearchValues<char> TokenCharacters = System.Buffers.SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}
