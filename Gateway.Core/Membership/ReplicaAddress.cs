using System.Globalization;

namespace Gateway.Core.Membership;

/// <summary>The address of a replica's cluster endpoint.</summary>
/// <param name="Host">A name or an address; an IPv6 address is in brackets.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct ReplicaAddress(string Host, int Port)
{
    /// <summary>Parses <c>host:port</c>.</summary>
    public static bool TryParse(string text, out ReplicaAddress address)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
            && !text.AsSpan(0, colon).ContainsAny(" /@#"))
        {
            address = new(text[..colon], port);
            return true;
        }

        address = default;
        return false;
    }

    public override string ToString() => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";
}
