using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Core.Addressing;

/// <summary>A host, by name or address, and a port: an address to listen on or to reach a replica at.</summary>
/// <param name="Host">Name or IP address; an IPv6 address keeps its brackets.</param>
/// <param name="Port">0 to 65,535.</param>
public readonly record struct HostPort(string Host, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The error of a text that is not a valid <c>host:port</c>.</summary>
    public static string FaultOf(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return "must not have a scheme";
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return "has no host";
        }

        if (IPAddress.TryParse(text, out var ip) && (text[0] != '[' || text[^1] == ']')) // It accepts [::1]:80 too.
        {
            return ip.AddressFamily == AddressFamily.InterNetworkV6 && text[0] != '[' ? "is an IPv6 address without brackets" : "has no port";
        }

        if (text.StartsWith(':'))
        {
            return "has no host";
        }

        return IsAboveAnyPort(text[(text.LastIndexOf(':') + 1)..]) ? "has a port above 65535" : "is not an address";
    }

    /// <summary>Parses an address to connect to: neither port 0 nor the host <c>*</c>, which let the system choose.</summary>
    public static bool TryParseReachable(string text, out HostPort address) => TryParse(text, out address) && address is { Port: > 0, Host: not "*" };

    /// <summary>Parses <c>host:port</c>. The port is required, and an IPv6 address needs its brackets.</summary>
    public static bool TryParse(string text, out HostPort address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host[0] != '[' && host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        if (host != "*" && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        address = new HostPort(host, port);
        return true;
    }

    /// <summary>Whether a text is a whole number above 65,535, the highest port.</summary>
    internal static bool IsAboveAnyPort(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && !ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
