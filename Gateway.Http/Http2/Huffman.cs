namespace Gateway.Http.Http2;

/// <summary>
/// Decodes the Huffman code of HPACK (RFC 7541 appendix B). The code is canonical: codes of one length are consecutive numbers in the order of their
/// symbols, so the lengths define the whole code.
/// </summary>
internal static class Huffman
{
    private const int EndOfString = 256;
    private const int MaxCodeLength = 30;

    /// <summary>Codes up to this many bits are decoded by one lookup: all of ordinary text.</summary>
    private const int ShortCode = 8;

    private static readonly byte[] LengthOf =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, // controls
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, // space to /
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, // 0 to ?
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, // @ to O
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, // P to _
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, // ` to o
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, // p to DEL
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, // 128
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, // 192
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30, // the end of the string
    ];

    /// <summary>By the next eight bits: the length of their code in the upper byte and its symbol in the lower; 0 if the code is longer.</summary>
    private static readonly ushort[] Short = new ushort[1 << ShortCode];

    /// <summary>All symbols, in the order of their codes.</summary>
    private static readonly ushort[] Symbols = new ushort[LengthOf.Length];

    /// <summary>
    /// By length: the code after the last one of this length, shifted to the top of 32 bits. All codes of this length are below it.
    /// </summary>
    private static readonly ulong[] End = new ulong[MaxCodeLength + 1];

    /// <summary>By length: added to a code of this length to get its index in <see cref="Symbols"/>.</summary>
    private static readonly int[] Offset = new int[MaxCodeLength + 1];

    static Huffman()
    {
        var code = 0;
        var place = 0;
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            code <<= 1;
            Offset[length] = place - code;
            for (var symbol = 0; symbol < LengthOf.Length; symbol++)
            {
                if (LengthOf[symbol] == length)
                {
                    if (length <= ShortCode)
                    {
                        Short.AsSpan(code << (ShortCode - length), 1 << (ShortCode - length)).Fill((ushort)(length << 8 | symbol));
                    }

                    Symbols[place++] = (ushort)symbol;
                    code++;
                }
            }

            End[length] = (ulong)code << (32 - length);
        }
    }

    /// <summary>Decodes a whole string.</summary>
    /// <param name="to">Receives the text as far as it fits. Text is at most 8/5 as long as its code.</param>
    /// <returns>The length of the text, whether or not it fits; -1 if the code is invalid or wrongly padded (RFC 7541 5.2).</returns>
    public static int Decode(ReadOnlySpan<byte> from, Span<byte> to)
    {
        var shorts = Short;
        ulong bits = 0;
        var available = 0;
        var next = 0;
        var length = 0;
        while (true)
        {
            while (available <= 56 && next < from.Length)
            {
                bits = bits << 8 | from[next++];
                available += 8;
            }

            // After the end, one bits: not a complete code, and the required padding.
            var window = available >= 32 ? (uint)(bits >> (available - 32)) : (uint)(bits << (32 - available)) | uint.MaxValue >> available;
            int entry = shorts[window >> (32 - ShortCode)];
            int taken;
            int symbol;
            if (entry != 0)
            {
                (taken, symbol) = (entry >> 8, entry & 0xff);
            }
            else
            {
                taken = ShortCode + 1;
                while (window >= End[taken])
                {
                    taken++;
                }

                symbol = Symbols[(int)(window >> (32 - taken)) + Offset[taken]];
            }

            if (taken > available)
            {
                return available < 8 && window == uint.MaxValue ? length : -1;
            }

            if (symbol == EndOfString)
            {
                return -1;
            }

            available -= taken;
            if (length < to.Length)
            {
                to[length] = (byte)symbol;
            }

            length++;
        }
    }
}
