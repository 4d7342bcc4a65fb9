using System.Net;
using Gateway.Core.Addressing;

namespace Gateway.Node.Settings.Binding;

/// <summary>Parses addresses to listen on, and networks of proxies.</summary>
internal static class ListenAddress
{
    /// <summary>The bits of an IPv4-mapped IPv6 address before the IPv4 address.</summary>
    private const int MappedBits = 96;

    public const string Allowed = "host:port, where host is an IP address, localhost or *";

    /// <summary>Parses <c>host:port</c>; <c>localhost</c> is 127.0.0.1 and <c>*</c> is 0.0.0.0.</summary>
    public static IPEndPoint? Parse(string text)
    {
        if (!HostPort.TryParse(text, out var address))
        {
            return null;
        }

        var ip = address.Host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            // IPAddress also accepts "1" for 0.0.0.1, which is surely a mistake.
            var host when host[0] == '[' || host.Count(c => c == '.') == 3 => IPAddress.TryParse(host, out var parsed) ? parsed : null,
            _ => null,
        };
        return ip is null ? null : new IPEndPoint(ip, address.Port);
    }

    /// <summary>Whether two listeners conflict: the same port, on one address or on all.</summary>
    public static bool Collide(IPEndPoint a, IPEndPoint b) =>
        a.Port == b.Port && a.Port != 0 && (a.Address.Equals(b.Address) || IsAny(a.Address) || IsAny(b.Address));

    /// <summary>Parses <c>address/prefix</c>, or a single address.</summary>
    public static IPNetwork? ParseNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return Plain(network);
        }

        return IPAddress.TryParse(text, out var address) && text.AsSpan().IndexOfAny('.', ':') >= 0
            ? Plain(new IPNetwork(address, address.GetAddressBytes().Length * 8))
            : null;
    }

    /// <summary>Maps an IPv4-mapped IPv6 network to IPv4, as peers' addresses are.</summary>
    private static IPNetwork Plain(IPNetwork network) =>
        network is { BaseAddress.IsIPv4MappedToIPv6: true, PrefixLength: >= MappedBits } ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits) : network;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
