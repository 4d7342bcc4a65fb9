using System.Buffers.Binary;

namespace Gateway.Http;

/// <summary>
/// Parses headers of the PROXY protocol, versions 1 and 2 (haproxy.org/download/3.2/doc/proxy-protocol.txt), which a proxy sends before the client's
/// first byte. Strict, and bounded: version 1 by its 107 bytes, version 2 by <see cref="MaxHeaderLength"/>. Extensions (TLV) must be well-formed and are skipped.
/// </summary>
public static class ProxyProtocol
{
    /// <summary>The maximum length of a version 2 header, with its extensions.</summary>
    public const int MaxHeaderLength = 4096;

    private const int MaxTextLength = 107;
    private const int HeadLength = 16;
    private const int Length4 = 12;
    private const int Length6 = 36;
    private const int ExtensionHead = 3;
    private const byte Local = 0x20;
    private const byte Proxied = 0x21;
    private const byte Tcp4 = 0x11;
    private const byte Tcp6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> TextSignature => "PROXY "u8;

    private static ProxyHeader Incomplete => new(ProxyHeaderState.Incomplete);

    private static ProxyHeader Faulty => new(ProxyHeaderState.Faulty);

    /// <param name="bytes">All bytes received on the connection.</param>
    public static ProxyHeader Parse(ReadOnlySpan<byte> bytes) =>
        Begins(bytes, Signature) ? (bytes.Length < HeadLength ? Early(bytes) : Binary(bytes))
        : Begins(bytes, TextSignature) ? (bytes.Length < TextSignature.Length ? Incomplete : Text(bytes))
        : new(ProxyHeaderState.Absent);

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature) =>
        bytes.StartsWith(signature[..Math.Min(bytes.Length, signature.Length)]);

    /// <summary>Checks an incomplete header: it is faulty as soon as the received part is.</summary>
    private static ProxyHeader Early(ReadOnlySpan<byte> bytes) =>
        bytes.Length > Signature.Length && bytes[Signature.Length] is not (Local or Proxied) ? Faulty : Incomplete;

    private static ProxyHeader Binary(ReadOnlySpan<byte> bytes)
    {
        var (command, family) = (bytes[12], bytes[13]);
        var length = HeadLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        var addresses = family switch
        {
            Tcp4 => Length4,
            Tcp6 => Length6,
            _ => 0,
        };
        if (command is not (Local or Proxied) || family >> 4 > 3 || (family & 0xF) > 2 || length > MaxHeaderLength || (command == Proxied && length < HeadLength + addresses))
        {
            return Faulty;
        }

        if (bytes.Length < length)
        {
            return Incomplete;
        }

        if (command == Local || addresses == 0)
        {
            return new(ProxyHeaderState.Complete, length);
        }

        var address = addresses == Length4 ? 4 : 16;
        return AreWellFormed(bytes[(HeadLength + addresses)..length])
            ? new(ProxyHeaderState.Complete, length, ProxySource.Bytes, HeadLength, HeadLength + address, BinaryPrimitives.ReadUInt16BigEndian(bytes[(HeadLength + (2 * address))..]))
            : Faulty;
    }

    private static bool AreWellFormed(ReadOnlySpan<byte> extensions)
    {
        while (!extensions.IsEmpty)
        {
            if (extensions.Length < ExtensionHead)
            {
                return false;
            }

            var length = ExtensionHead + BinaryPrimitives.ReadUInt16BigEndian(extensions[1..]);
            if (extensions.Length < length)
            {
                return false;
            }

            extensions = extensions[length..];
        }

        return true;
    }

    private static ProxyHeader Text(ReadOnlySpan<byte> bytes)
    {
        var line = bytes[..Math.Min(bytes.Length, MaxTextLength)];
        var end = line.IndexOf("\r\n"u8);
        if (end < 0)
        {
            var begun = line[^1] == '\r' ? line[TextSignature.Length..^1] : line[TextSignature.Length..];
            return line.Length == MaxTextLength || begun.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Faulty : Incomplete;
        }

        var words = line[TextSignature.Length..end];
        if (words.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Faulty;
        }

        var length = end + 2;
        if (words.StartsWith("UNKNOWN"u8) && (words.Length == 7 || words[7] == ' '))
        {
            return new(ProxyHeaderState.Complete, length);
        }

        var source = words.StartsWith("TCP4 "u8) ? ProxySource.Text4 : words.StartsWith("TCP6 "u8) ? ProxySource.Text6 : ProxySource.None;
        Span<Range> parts = stackalloc Range[6];
        if (source == ProxySource.None || Split(words, parts) != 5 || !IsAddress(words[parts[1]], source) || !IsAddress(words[parts[2]], source) ||
            !TryPort(words[parts[3]], out var port) || !TryPort(words[parts[4]], out _))
        {
            return Faulty;
        }

        var start = TextSignature.Length + parts[1].Start.Value;
        return new(ProxyHeaderState.Complete, length, source, start, TextSignature.Length + parts[1].End.Value, port);
    }

    /// <summary>Splits at single spaces; returns the number of words, at most one more than fit.</summary>
    private static int Split(ReadOnlySpan<byte> words, Span<Range> parts)
    {
        var (count, start) = (0, 0);
        for (var i = 0; i <= words.Length; i++)
        {
            if (i < words.Length && words[i] != ' ')
            {
                continue;
            }

            if (count == parts.Length)
            {
                return count + 1;
            }

            parts[count++] = start..i;
            start = i + 1;
        }

        return count;
    }

    /// <summary>Whether it has only the characters of an address; the caller checks whether it is one.</summary>
    private static bool IsAddress(ReadOnlySpan<byte> word, ProxySource source) =>
        !word.IsEmpty && !word.ContainsAnyExcept(source == ProxySource.Text4 ? "0123456789."u8 : "0123456789abcdefABCDEF:."u8) &&
        (source == ProxySource.Text4 ? word.Count((byte)'.') == 3 : word.Contains((byte)':'));

    /// <summary>Parses a decimal port without leading zeros.</summary>
    private static bool TryPort(ReadOnlySpan<byte> word, out int port)
    {
        port = 0;
        if (word.Length is 0 or > 5 || (word.Length > 1 && word[0] == '0') || word.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (var digit in word)
        {
            port = (port * 10) + digit - '0';
        }

        return port <= ushort.MaxValue;
    }
}
