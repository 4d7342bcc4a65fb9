using System.Collections.Immutable;
using System.Net;
using Gateway.Core.Balancing;
using Gateway.Upstream;
using Microsoft.Extensions.Primitives;

namespace Gateway.Node.Proxying;

/// <summary>
/// Who a request comes from, and how that is told to the endpoint. What the peer says of earlier hops counts only if the peer is a
/// trusted proxy: its fields are then appended to, otherwise replaced. One for each <see cref="RequestSlot"/>; it remembers the last answer,
/// since a client's requests mostly differ in nothing that counts here.
/// </summary>
internal sealed class ClientIdentity
{
    private const string ForwardedFor = "X-Forwarded-For";

    private IPAddress? _peer;
    private ulong _peerKey;
    private string? _gateway;
    private string? _protocol;
    private string? _host;
    private string? _scheme;
    private ForwardedFields? _fields;

    /// <summary>The hash key of the client: the peer's address, or the last untrusted one that a trusted peer forwarded.</summary>
    public ulong KeyOf(HttpContext context, ImmutableArray<IPNetwork> trusted)
    {
        var peer = context.Connection.RemoteIpAddress;
        if (peer is null)
        {
            return 0;
        }

        if (IsTrusted(peer, trusted) && LastUntrusted(context.Request.Headers[ForwardedFor], trusted) is { } client)
        {
            return HashKey.Of(client);
        }

        if (!ReferenceEquals(peer, _peer))
        {
            (_peer, _peerKey, _gateway) = (peer, HashKey.Of(peer), null);
        }

        return _peerKey;
    }

    /// <param name="gateway">The name of this replica, for Via.</param>
    public ForwardedFields FieldsOf(HttpContext context, string gateway, ImmutableArray<IPNetwork> trusted)
    {
        var (request, peer) = (context.Request, context.Connection.RemoteIpAddress);
        var (host, scheme, protocol) = (request.Host.Value, request.Scheme, request.Protocol);
        if (peer is not null && IsTrusted(peer, trusted))
        {
            return WithEarlierHops(Told(peer, gateway, protocol, host, scheme), request.Headers);
        }

        if (_fields is null || _gateway is null || !ReferenceEquals(peer, _peer) || gateway != _gateway || host != _host || protocol != _protocol || scheme != _scheme)
        {
            _fields = Told(peer, gateway, protocol, host, scheme) with { IsKept = true };
            (_peer, _gateway, _host, _protocol, _scheme) = (peer, gateway, host, protocol, scheme);
            _peerKey = peer is null ? 0 : HashKey.Of(peer);
        }

        return _fields;
    }

    private static ForwardedFields Told(IPAddress? peer, string gateway, string protocol, string? host, string scheme)
    {
        var version = HttpProtocol.IsHttp2(protocol) ? "2.0" : HttpProtocol.IsHttp10(protocol) ? "1.0" : "1.1";
        var address = peer is null ? "unknown" : (peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).ToString();
        host = host is { Length: > 0 } ? host : null;
        var forwarded = $"for={Quote(address)};proto={scheme}{(host is null ? "" : $";host={Quote(host)}")}";
        return new($"{version} {gateway}", address, scheme, host, forwarded);
    }

    private static ForwardedFields WithEarlierHops(ForwardedFields own, IHeaderDictionary headers) => new(
        own.Via,
        Append(headers[ForwardedFor], own.For),
        First(headers["X-Forwarded-Proto"]) ?? own.Proto,
        First(headers["X-Forwarded-Host"]) ?? own.Host,
        Append(headers["Forwarded"], own.Forwarded));

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
