using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>One request on an HTTP/2 connection, in frames chosen by the test, for what .NET's client cannot send.</summary>
internal sealed class RawHttp2Client : IAsyncDisposable
{
    public const byte Data = 0, Headers = 1;
    public const byte Reset = 3, GoAway = 7;
    private const byte Settings = 4, Continuation = 9;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int Stream = 1;

    private readonly NetworkStream _stream;

    private RawHttp2Client(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    public static async Task<RawHttp2Client> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var client = new RawHttp2Client(socket);
        await client._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.WriteAsync(Settings, 0, 0, []);
        return client;
    }

    public Task HeadersAsync(bool end, params (string Name, string Value)[] fields) =>
        WriteAsync(Headers, (byte)(EndHeaders | (end ? EndStream : 0)), Stream, BlockOf(fields));

    /// <summary>The same in a HEADERS frame and as many CONTINUATION frames as needed.</summary>
    /// <param name="size">The size of each, in bytes.</param>
    /// <param name="isCut">Whether the last one is left out.</param>
    public async Task HeadersInPiecesAsync(bool end, int size, (string Name, string Value)[] fields, bool isCut = false)
    {
        var pieces = BlockOf(fields).Chunk(size).ToList();
        for (var i = 0; i < pieces.Count - (isCut ? 1 : 0); i++)
        {
            var isLast = i == pieces.Count - 1;
            await WriteAsync(i == 0 ? Headers : Continuation, (byte)((isLast ? EndHeaders : 0) | (i == 0 && end ? EndStream : 0)), Stream, pieces[i]);
        }
    }

    private static byte[] BlockOf((string Name, string Value)[] fields)
    {
        List<byte> block = [];
        foreach (var text in fields.SelectMany(field => new[] { field.Name, field.Value }).Select((text, i) => (Text: text, IsName: i % 2 == 0)))
        {
            if (text.IsName)
            {
                block.Add(0); // A literal without indexing, with a new name.
            }

            block.Add((byte)text.Text.Length);
            block.AddRange(Encoding.Latin1.GetBytes(text.Text));
        }

        return [.. block];
    }

    public Task DataAsync(string text, bool end = false) => WriteAsync(Data, end ? EndStream : (byte)0, Stream, Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until the answer has ended, and returns its body.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var body = new StringBuilder();
        while (true)
        {
            var frame = await ReadAnswerFrameAsync();
            if (frame.Type == Data)
            {
                body.Append(Encoding.Latin1.GetString(frame.Payload));
            }

            if (frame.Type is Data or Headers && (frame.Flags & EndStream) != 0)
            {
                return body.ToString();
            }
        }
    }

    /// <summary>The next frame of the answer, or one that ends it or the connection.</summary>
    public async Task<(byte Type, byte Flags, byte[] Payload)> ReadAnswerFrameAsync()
    {
        while (true)
        {
            var (type, flags, stream, payload) = await ReadFrameAsync();
            if (type == GoAway || (stream == Stream && type is Data or Headers or Reset))
            {
                return (type, flags, payload);
            }
        }
    }

    private async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadFrameAsync()
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        var head = new byte[9];
        await _stream.ReadExactlyAsync(head, limit.Token);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
        await _stream.ReadExactlyAsync(payload, limit.Token);
        if (head[3] == Settings && (head[4] & Ack) == 0)
        {
            await WriteAsync(Settings, Ack, 0, []);
        }

        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task WriteAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsMemory(9));
        await _stream.WriteAsync(frame);
    }
}
