using System.Globalization;

namespace Gateway.Node.Settings;

/// <summary>A host, by name or address, and a port: where a replica is reached.</summary>
/// <param name="Host">Name or IP address; an IPv6 address keeps its brackets.</param>
/// <param name="Port">0 to 65,535.</param>
public readonly record struct HostPort(string Host, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Parses <c>host:port</c>. The port must stand, and an IPv6 address must have its brackets.</summary>
    public static bool TryParse(string text, out HostPort address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return false;

        var host = text[..colon];
        var bracketed = host[0] == '[' && host[^1] == ']';
        if (!bracketed && host.Contains(':', StringComparison.Ordinal))
            return false;
        if (host != "*" && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;

        address = new HostPort(host, port);
        return true;
    }
}
