namespace Gateway.Http.Http2;

/// <summary>The integers of HPACK: a prefix of some bits, then seven bits per byte (RFC 7541 5.1).</summary>
internal static class HpackInteger
{
    /// <summary>Limits indices and lengths; a sender that uses more bytes, leading zeros included, is in error (RFC 7541 5.1).</summary>
    private const int MaxShift = 21;

    /// <summary>
    /// Reads an integer whose prefix is in the byte at a position, and advances the position; returns -1 if truncated or too large.
    /// </summary>
    /// <param name="prefix">The prefix with all its bits set: 2^N - 1.</param>
    public static int Read(ReadOnlySpan<byte> from, ref int at, int prefix)
    {
        if ((uint)at >= (uint)from.Length)
        {
            return -1;
        }

        var value = from[at++] & prefix;
        if (value < prefix)
        {
            return value;
        }

        for (var shift = 0; shift <= MaxShift && at < from.Length; shift += 7)
        {
            var octet = from[at++];
            value += (octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }

        return -1;
    }

    /// <summary>Writes an integer below the other bits of its first byte, and advances the position; false if there is no room.</summary>
    public static bool TryWrite(Span<byte> to, ref int at, byte first, int prefix, int value)
    {
        if (at >= to.Length)
        {
            return false;
        }

        if (value < prefix)
        {
            to[at++] = (byte)(first | value);
            return true;
        }

        to[at++] = (byte)(first | prefix);
        for (value -= prefix; at < to.Length; value >>= 7)
        {
            if (value < 0x80)
            {
                to[at++] = (byte)value;
                return true;
            }

            to[at++] = (byte)(value | 0x80);
        }

        return false;
    }
}
