using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Gateway.Http.Http2;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Engine.Http2;

/// <summary>An HTTP/2 client that sends the test's frames, on any number of streams, and reads frame by frame.</summary>
internal sealed class FrameClient : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly HpackDecoder _decoder = new();
    private readonly global::Gateway.Http.Http2.HeaderBlock _block = new(1 << 20, 1000);
    private readonly MemoryStream _gathered = new();

    private FrameClient(Socket socket) => _stream = new(socket, ownsSocket: true);

    public static async Task<FrameClient> ConnectAsync(Uri address, params (SettingId Id, int Value)[] settings)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var client = new FrameClient(socket);
        var payload = new byte[6 * settings.Length];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), (ushort)settings[i].Id);
            BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan((6 * i) + 2), settings[i].Value);
        }

        client._gathered.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        await client.Frame(FrameType.Settings, 0, 0, payload).SendAsync();
        return client;
    }

    /// <summary>Appends a frame to those that <see cref="SendAsync"/> sends next, in one piece.</summary>
    public FrameClient Frame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FrameHeader.Size];
        new FrameHeader(payload.Length, type, flags, stream).Write(header);
        _gathered.Write(header);
        _gathered.Write(payload);
        return this;
    }

    public FrameClient Head(int stream, bool ends, string method = "GET", string path = "/", params (string Name, string Value)[] more) =>
        Fields(stream, ends, [(":method", method), (":scheme", "http"), (":path", path), (":authority", "x"), .. more]);

    public FrameClient Trailers(int stream, params (string Name, string Value)[] trailers) => Fields(stream, ends: true, trailers);

    private FrameClient Fields(int stream, bool ends, (string Name, string Value)[] fields)
    {
        var block = new byte[16 * 1024];
        var length = 0;
        foreach (var (name, value) in fields)
        {
            length += HpackEncoder.Field(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value), block.AsSpan(length));
        }

        return Frame(FrameType.Headers, (byte)(FrameFlags.EndHeaders | (ends ? FrameFlags.EndStream : 0)), stream, block.AsSpan(0, length));
    }

    public FrameClient Data(int stream, string text, bool ends) => Frame(FrameType.Data, ends ? FrameFlags.EndStream : FrameFlags.None, stream, Encoding.Latin1.GetBytes(text));

    public FrameClient Reset(int stream) => Frame(FrameType.RstStream, 0, stream, [0, 0, 0, 8]);

    public FrameClient Widen(int stream, int bytes)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        return Frame(FrameType.WindowUpdate, 0, stream, payload);
    }

    public async Task SendAsync()
    {
        var bytes = _gathered.ToArray();
        _gathered.SetLength(0);
        await _stream.WriteAsync(bytes);
    }

    /// <summary>The next frame; null if the connection has ended.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        var head = new byte[FrameHeader.Size];
        try
        {
            await _stream.ReadExactlyAsync(head, limit.Token);
            var header = FrameHeader.Read(head);
            var payload = new byte[header.Length];
            await _stream.ReadExactlyAsync(payload, limit.Token);
            return (header, payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next frame of a stream, or one that ends the connection.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)?> ReadAsync(int stream)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Header.StreamId == stream || frame.Header.Type == FrameType.GoAway)
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>Reads a stream to its end: interim statuses, status and body, trailers, and how it ended if not in order.</summary>
    public async Task<string> ReadAnswerAsync(int stream)
    {
        var said = new StringBuilder();
        while (await ReadAsync(stream) is { } frame)
        {
            switch (frame.Header.Type)
            {
                case FrameType.Headers:
                    _block.Clear();
                    _decoder.Decode(frame.Payload, _block);
                    foreach (var field in _block.Fields)
                    {
                        var (name, value) = (Encoding.Latin1.GetString(field.NameIn(_block.Text)), Encoding.Latin1.GetString(field.ValueIn(_block.Text)));
                        said.Append(name == ":status" ? $"{value} " : name.StartsWith("x-", StringComparison.Ordinal) || name == "grpc-status" ? $"[{name}: {value}] " : "");
                    }

                    break;
                case FrameType.Data:
                    said.Append(Encoding.Latin1.GetString(frame.Payload));
                    break;
                case FrameType.RstStream:
                    return said.Append($"reset {(Http2Error)BinaryPrimitives.ReadInt32BigEndian(frame.Payload)}").ToString();
                case FrameType.GoAway:
                    return said.Append($"goaway {(Http2Error)BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4))}").ToString();
                default:
                    break;
            }

            if (frame.Header.Type is FrameType.Headers or FrameType.Data && frame.Header.Has(FrameFlags.EndStream))
            {
                return said.ToString().TrimEnd();
            }
        }

        return said.Append("connection ended").ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _gathered.DisposeAsync();
    }
}
