using System.Collections.Immutable;
using System.Net;
using System.Text;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>
/// Reads which client a trusted proxy forwards for: the last address of X-Forwarded-For, or of Forwarded (RFC 7239) where there is none of that, that is
/// not a trusted proxy itself. What stands before something that is no address is not believed.
/// </summary>
internal static class ForwardedClient
{
    /// <summary>Elements of one Forwarded line that are looked at, from its end.</summary>
    private const int MostElements = 32;

    /// <summary>The client; null: the fields name none.</summary>
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
        Span<Range> elements = stackalloc Range[MostElements];
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
                var element = line[elements[(first + count - e) % MostElements]].Trim(" \t"u8);
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

    /// <summary>Finds the elements of a list, of which the last ones are kept in a ring; answers how many those are.</summary>
    /// <param name="hasQuotes">Whether a comma in quotes is none of the list's. A quote that is never closed is a character like others: what a client has left open must not
    /// swallow what the proxy appended.</param>
    /// <param name="first">The place of the first of them.</param>
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

    /// <summary>The node that an element of Forwarded is for, without quotes, brackets and port; empty: it names none.</summary>
    private static ReadOnlySpan<byte> NodeOf(ReadOnlySpan<byte> element)
    {
        while (!element.IsEmpty)
        {
            var end = element.IndexOf((byte)';'); // No address has one.
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

    /// <summary>Some proxies name the port in X-Forwarded-For too. More colons than one are an IPv6 address.</summary>
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
