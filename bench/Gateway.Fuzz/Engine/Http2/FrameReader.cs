using System.Buffers.Binary;
using Gateway.Http.Http2;

namespace Gateway.Fuzz.Engine.Http2;

/// <summary>Reads the input of an HTTP/2 client, and checks its rules: whole frames of allowed sizes, heads that decode, nothing on an ended stream.</summary>
internal sealed class FrameReader(FarEnd end)
{
    private const int MaxPayload = 16 * 1024;

    private readonly HpackDecoder _decoder = new();
    private readonly HeaderBlock _fields = new(256 * 1024, 2_000);
    private readonly HashSet<int> _heads = [];
    private readonly HashSet<int> _ended = [];
    private readonly List<byte> _block = [];
    private int _at;
    private int _open;
    private bool _endsOpen;

    /// <summary>Reset streams, with their error codes.</summary>
    public Dictionary<int, Http2Error> Resets { get; } = [];

    /// <summary>The bytes of data on each stream.</summary>
    public Dictionary<int, int> Data { get; } = [];

    public IReadOnlySet<int> Ended => _ended;

    public (int Last, Http2Error Error)? GoAway { get; private set; }

    /// <summary>Reads the frames received.</summary>
    public void Read()
    {
        while (end.GotLength - _at >= FrameHeader.Size)
        {
            var header = FrameHeader.Read(end.Got[_at..]);
            Require(header.Length <= MaxPayload, "a frame is too long");
            if (end.GotLength - _at - FrameHeader.Size < header.Length)
            {
                return;
            }

            Take(header, end.Got.Slice(_at + FrameHeader.Size, header.Length));
            _at += FrameHeader.Size + header.Length;
        }
    }

    private void Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var id = header.StreamId;
        Require(_open == 0 || (header.Type == FrameType.Continuation && id == _open), "a frame within a head");
        switch (header.Type)
        {
            case FrameType.Data:
                Require(_heads.Contains(id) && !_ended.Contains(id), "data in the wrong place");
                Data[id] = Data.GetValueOrDefault(id) + payload.Length;
                End(id, header.Has(FrameFlags.EndStream));
                break;
            case FrameType.Headers or FrameType.Continuation:
                TakeHead(header, payload);
                break;
            case FrameType.RstStream:
                Require(id > 0 && payload.Length == 4, "a broken RST_STREAM");
                Resets[id] = (Http2Error)BinaryPrimitives.ReadInt32BigEndian(payload);
                _ended.Add(id);
                break;
            case FrameType.GoAway:
                Require(id == 0 && payload.Length >= 8, "a broken GOAWAY");
                GoAway = (BinaryPrimitives.ReadInt32BigEndian(payload), (Http2Error)BinaryPrimitives.ReadInt32BigEndian(payload[4..]));
                break;
            case FrameType.WindowUpdate:
                Require(payload.Length == 4 && BinaryPrimitives.ReadInt32BigEndian(payload) > 0, "a broken WINDOW_UPDATE");
                break;
            default:
                Require(id == 0 && header.Type is FrameType.Settings or FrameType.Ping, "a frame that a server does not send");
                break;
        }
    }

    private void TakeHead(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var id = header.StreamId;
        Require(id > 0 && (id & 1) == 1 && !_ended.Contains(id), "a head in the wrong place");
        _endsOpen = header.Type == FrameType.Headers ? header.Has(FrameFlags.EndStream) : _endsOpen;
        _block.AddRange(payload);
        _open = id;
        if (header.Has(FrameFlags.EndHeaders))
        {
            _fields.Clear();
            Require(_decoder.Decode([.. _block], _fields) == Http2Error.NoError && !_fields.IsTooLarge, "a head that cannot be decoded");
            _block.Clear();
            _open = 0;
            _heads.Add(id);
            End(id, _endsOpen);
        }
    }

    private void End(int id, bool ends)
    {
        if (ends)
        {
            _ended.Add(id);
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ScriptException($"the gateway sent {what}");
        }
    }
}
