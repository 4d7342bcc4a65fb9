namespace Gateway.Fuzz;

/// <summary>Creates an input from the corpus: one to six changes, small ones and some to which this protocol is sensitive.</summary>
internal sealed class Mutator(Random random)
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "\r", "\n", "\r\n", "\r\n\r\n", "\n\n", "\0", " ", "\t", ":", " :", ": ", ",", ";", "\r\n ", "\u007f", "\u0080", "\u00ff",
            "0", "5", "ffffffffffffffff", "7fffffffffffffff", "9223372036854775807", "9223372036854775808", "+5", "-1", "0x5", "5, 5", "5, 6",
            "HTTP/1.1 200 OK\r\n", "GET / HTTP/1.1\r\n", "POST ", " HTTP/1.1\r\n", "\r\nHost: a", "\r\nExpect: 100-continue", "HTTP/1.0 ", "HTTP/2 ", "100", "204", "304", "101", "\r\nContent-Length: 5", "\r\ncontent-length: 6",
            "\r\nTransfer-Encoding: chunked", "\r\nTransfer-Encoding: gzip, chunked", "\r\nTransfer-Encoding: xchunked",
            "\r\nConnection: close", "\r\nConnection: keep-alive, x-a", "\r\nKeep-Alive: timeout=5", "\r\nTrailer: x", "\r\nX-A: b",
            "0\r\n\r\n", "5\r\nhello\r\n", "1;a=b\r\nx\r\n", "5 ;", "5 \r\n",
        }.Select(System.Text.Encoding.Latin1.GetBytes),
    ];

    private readonly List<byte> _bytes = [];

    public byte[] Mutate(IReadOnlyList<byte[]> corpus)
    {
        _bytes.Clear();
        _bytes.AddRange(Any(corpus));
        for (var changes = random.Next(1, 7); changes > 0; changes--)
        {
            Change(corpus);
        }

        return [.. _bytes];
    }

    /// <summary>The ends of an input's pieces: byte by byte, or at up to eight places, some of them equal.</summary>
    public int[] Cuts(int length)
    {
        if (random.Next(8) == 0)
        {
            return [.. Enumerable.Range(0, length)];
        }

        var cuts = new int[random.Next(1, 9)];
        for (var i = 0; i < cuts.Length; i++)
        {
            cuts[i] = random.Next(length + 1);
        }

        Array.Sort(cuts);
        return cuts;
    }

    private void Change(IReadOnlyList<byte[]> corpus)
    {
        var at = random.Next(_bytes.Count + 1);
        var rest = _bytes.Count - at;
        var some = Math.Min(rest, random.Next(1, 12));
        switch (random.Next(8))
        {
            case 0 when rest > 0:
                _bytes[at] = (byte)random.Next(256);
                break;
            case 1 when rest > 0:
                _bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                _bytes.RemoveRange(at, some);
                break;
            case 3:
                _bytes.InsertRange(at, [.. _bytes.Skip(at).Take(some)]);
                break;
            case 4:
                var other = Any(corpus);
                _bytes.RemoveRange(at, rest);
                _bytes.AddRange(other.AsSpan(random.Next(other.Length)));
                break;
            case 5 when random.Next(4) == 0:
                _bytes.RemoveRange(at, rest);
                break;
            case 6 when random.Next(16) == 0:
                _bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(40_000)));
                break;
            default:
                _bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
        }
    }

    private byte[] Any(IReadOnlyList<byte[]> corpus) => corpus[random.Next(corpus.Count)];
}
