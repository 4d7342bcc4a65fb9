using System.Collections.Immutable;
using System.Net;
using System.Text;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>
/// Finds the client that a trusted proxy forwards for: the last address of X-Forwarded-For, or without that of Forwarded (RFC 7239), that is not a trusted
/// proxy itself. Anything before an invalid address is ignored.
/// </summary>
internal static class ForwardedClient
{
    /// <summary>The most elements read of one Forwarded line, from its end.</summary>
    private const int MaxElements = 32;

    /// <summary>The client; null if the fields name none.</summary>
    public static IPAddress? Of(FieldSection fields, ReadOnlySpan<byte> head, ImmutableArray<IPNetwork> trusted) =>
        fields.Has(FieldName.XForwardedFor) ? Last(fields, head, trusted, FieldName.XForwardedFor)
        : fields.Has(FieldName.Forwarded) ? Last(fields, head, trusted, FieldName.Forwarded)
        : null;

    public static bool Contains(ImmutableArray<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPAddress? Last(FieldSection fields, ReadOnlySpan<byte> head, ImmutableArray<IPNetwork> trusted, FieldName name)
    {
        IPAddress? last = null;
        Span<Range> elements = stackalloc Range[MaxElements];
        for (var i = fields.Count - 1; i >= 0; i--)
        {
            if (fields.All[i].Name != name)
            {
                continue;
            }

            var line = fields.All[i].ValueIn(head);
            var count = Split(line, elements, hasQuotes: name == FieldName.Forwarded, out var first);
            for (var e = 1; e <= count; e++)
            {
                var element = line[elements[(first + count - e) % MaxElements]].Trim(" \t"u8);
                if (!TryParse(name == FieldName.Forwarded ? NodeOf(element) : WithoutPort(element), out var hop))
                {
                    return last;
                }

                last = hop;
                if (!Contains(trusted, hop))
                {
                    return last;
                }
            }
        }

        return last;
    }

    /// <summary>Splits a list; the last elements are kept in a ring. Returns their number.</summary>
    /// <param name="hasQuotes">
    /// Whether commas in quotes do not separate. A quote that is never closed is an ordinary character: an open quote from a client must not swallow the
    /// proxy's element.
    /// </param>
    /// <param name="first">The index of the first kept element in the ring.</param>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> elements, bool hasQuotes, out int first)
    {
        var (start, count, isQuoted) = (0, 0, false);
        for (var i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || (line[i] == ',' && !isQuoted))
            {
                elements[count++ % elements.Length] = start..i;
                start = i + 1;
            }
            else if (hasQuotes && line[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (line[i] == '\\' && isQuoted && i + 1 < line.Length)
            {
                i++;
            }
        }

        if (isQuoted)
        {
            return Split(line, elements, hasQuotes: false, out first);
        }

        first = Math.Max(0, count - elements.Length) % elements.Length;
        return Math.Min(count, elements.Length);
    }

    /// <summary>The node in the <c>for</c> of a Forwarded element, without quotes, brackets and port; empty if there is none.</summary>
    private static ReadOnlySpan<byte> NodeOf(ReadOnlySpan<byte> element)
    {
        while (!element.IsEmpty)
        {
            var end = element.IndexOf((byte)';'); // Addresses contain none.
            var pair = (end < 0 ? element : element[..end]).Trim(" \t"u8);
            element = end < 0 ? [] : element[(end + 1)..];
            if (pair.Length > 4 && Ascii.EqualsIgnoreCase(pair[..4], "for="u8))
            {
                var node = pair[4..];
                return WithoutPort(node is [(byte)'"', .., (byte)'"'] ? node[1..^1] : node);
            }
        }

        return [];
    }

    /// <summary>Removes the port, which some proxies add in X-Forwarded-For too. More than one colon means IPv6.</summary>
    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> node) =>
        node is [(byte)'[', ..] && node.IndexOf((byte)']') is > 0 and var close ? node[1..close]
        : node.Count((byte)':') == 1 ? node[..node.IndexOf((byte)':')]
        : node;

    private static bool TryParse(ReadOnlySpan<byte> text, out IPAddress address)
    {
        var isAddress = IPAddress.TryParse(text, out var parsed);
        address = ClientAddress.Plain(parsed ?? IPAddress.None);
        return isAddress;
    }
}
