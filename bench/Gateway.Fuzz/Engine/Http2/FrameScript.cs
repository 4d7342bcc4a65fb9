using Gateway.Http.Http2;

namespace Gateway.Fuzz.Engine.Http2;

/// <summary>
/// A sequence of valid frames in a likely order, then mutated: frames dropped, repeated, swapped, cut, with changed types, flags, streams and lengths, or any
/// bytes in between.
/// </summary>
internal sealed class FrameScript(Random random)
{
    private static readonly (string Name, string Value)[][] Odd =
    [
        [("content-length", "5")], [("content-length", "5"), ("content-length", "6")], [("te", "trailers")], [("te", "gzip")], [("connection", "close")], [("x-a", "b\r\nc: d")], [("X-A", "b")],
        [(":path", "/two")], [("host", "y")], [("transfer-encoding", "chunked")], [("cookie", "a=b"), ("cookie", "c=d")], [("expect", "100-continue")], [("trailer", "x-t")],
        [(":protocol", "websocket"), ("sec-websocket-version", "13")], [(":protocol", "other")], [("", "")],
    ];

    private readonly List<byte[]> _frames = [];
    private int _last = -1;

    /// <summary>An upper bound of the number of heads.</summary>
    public int Heads { get; private set; }

    public List<byte[]> Make()
    {
        _frames.Add([.. FrameMaker.Preface, .. random.Next(3) == 0 ? FrameMaker.Setting(SettingId.InitialWindowSize, random.Next(3) * 40_000) : FrameMaker.Frame(FrameType.Settings, 0, 0)]);
        for (var i = random.Next(1, 60); i > 0; i--)
        {
            Add();
        }

        if (random.Next(3) != 0)
        {
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                Change();
            }
        }

        Heads = _frames.Sum(HeadsIn);
        return _frames;
    }

    private void Add()
    {
        var stream = random.Next(4) == 0 ? Math.Max(1, _last - (2 * random.Next(4))) : Math.Max(1, _last);
        switch (random.Next(16))
        {
            case < 6:
                AddHead(_last += 2);
                break;
            case < 10:
                var (size, ends) = (random.Next(8) == 0 ? random.Next(16_385) : random.Next(20), random.Next(2) == 0);
                _frames.Add(FrameMaker.Frame(FrameType.Data, Flags(ends ? FrameFlags.EndStream : 0), stream, Bytes(size)));
                break;
            case 10:
                _frames.Add(FrameMaker.Number(FrameType.RstStream, stream, random.Next(14)));
                break;
            case 11 or 12:
                _frames.Add(FrameMaker.Number(FrameType.WindowUpdate, random.Next(2) * stream, random.Next(8) == 0 ? random.Next() : random.Next(100_000)));
                break;
            case 13:
                _frames.Add(FrameMaker.Setting((SettingId)random.Next(10), random.Next(4) == 0 ? random.Next() : random.Next(100_000)));
                break;
            case 14:
                _frames.Add(FrameMaker.Frame((FrameType)random.Next(12), 0, random.Next(2) * stream, Bytes(random.Next(3) == 0 ? 8 : random.Next(12))));
                break;
            default:
                _frames.Add(FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, FrameMaker.Block(("x-t", "1"))));
                break;
        }
    }

    private void AddHead(int stream)
    {
        var more = random.Next(3) == 0 ? Odd[random.Next(Odd.Length)] : [];
        var method = more is [(":protocol", _), ..] ? "CONNECT" : random.Next(4) switch { 0 => "POST", 1 => "HEAD", _ => "GET" };
        var block = more is [(":protocol", _), ..] ? FrameMaker.Block([(":method", method), more[0], (":scheme", "http"), (":path", "/"), (":authority", "x"), .. more[1..]]) : FrameMaker.Head(method, $"/{stream}", more);
        var ends = random.Next(3) != 0 ? FrameFlags.EndStream : FrameFlags.None;
        if (random.Next(4) != 0)
        {
            _frames.Add(FrameMaker.Frame(FrameType.Headers, (byte)(ends | FrameFlags.EndHeaders), stream, block));
            return;
        }

        var cut = random.Next(block.Length);
        _frames.Add(FrameMaker.Frame(FrameType.Headers, ends, stream, block.AsSpan(0, cut)));
        _frames.Add(FrameMaker.Frame(FrameType.Continuation, FrameFlags.EndHeaders, stream, block.AsSpan(cut)));
    }

    private void Change()
    {
        var at = random.Next(1, _frames.Count);
        if (at >= _frames.Count)
        {
            return;
        }

        var frame = _frames[at];
        switch (random.Next(8))
        {
            case 0:
                _frames.RemoveAt(at);
                break;
            case 1:
                _frames.Insert(at, frame);
                break;
            case 2:
                (_frames[at], _frames[^1]) = (_frames[^1], _frames[at]);
                break;
            case 3:
                _frames[at] = frame[..random.Next(frame.Length)]; // The next bytes are read as the rest of it.
                break;
            case 4:
                _frames.Insert(at, Bytes(random.Next(40)));
                break;
            case 5:
                _frames[at] = [.. frame];
                _frames[at][random.Next(Math.Min(frame.Length, FrameHeader.Size))] ^= (byte)(1 << random.Next(8));
                break;
            default:
                _frames[at] = [.. frame];
                _frames[at][random.Next(frame.Length)] = (byte)random.Next(256);
                break;
        }

        _frames.RemoveAll(left => left.Length == 0);
    }

    private byte Flags(int flags) => (byte)(random.Next(8) == 0 ? flags | FrameFlags.Padded : flags);

    private byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Counts the places at which a HEADERS frame could begin, whatever the frames before it have become.</summary>
    private static int HeadsIn(byte[] bytes) => bytes.Count(octet => octet == (byte)FrameType.Headers);
}
