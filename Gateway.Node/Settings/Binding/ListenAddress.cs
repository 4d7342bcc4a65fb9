using System.Net;

namespace Gateway.Node.Settings.Binding;

/// <summary>Addresses to listen at, and addresses of proxies, as text.</summary>
internal static class ListenAddress
{
    /// <summary>Bits of an address of IPv6 that say that the rest is one of IPv4.</summary>
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
            // IPAddress also takes "1" for 0.0.0.1, which nobody means.
            var host when host[0] == '[' || host.Count(c => c == '.') == 3 => IPAddress.TryParse(host, out var parsed) ? parsed : null,
            _ => null,
        };
        return ip is null ? null : new IPEndPoint(ip, address.Port);
    }

    /// <summary>Whether two listeners would get into each other's way: the same port, on one address or on all.</summary>
    public static bool Collide(IPEndPoint a, IPEndPoint b) =>
        a.Port == b.Port && a.Port != 0 && (a.Address.Equals(b.Address) || IsAny(a.Address) || IsAny(b.Address));

    /// <summary>Parses <c>address/prefix</c>, or an address for itself alone.</summary>
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

    /// <summary>The network of IPv4 that one of IPv6 stands for: peers are compared by these.</summary>
    private static IPNetwork Plain(IPNetwork network) =>
        network is { BaseAddress.IsIPv4MappedToIPv6: true, PrefixLength: >= MappedBits } ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits) : network;

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
