using System.Buffers.Binary;
using System.Net.Sockets;
using Gateway.Http.Http2;
using Gateway.Tests.EndToEnd.Backends;
using HeaderBlock = Gateway.Http.Http2.HeaderBlock;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>
/// An HTTP/2 client with every frame written by the test, so that each rule can be broken. The server's frames are sorted by streams as they are read; by
/// itself the client only answers SETTINGS, so that the test controls the windows.
/// </summary>
internal sealed class FrameClient : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly HpackDecoder _decoder = new();
    private readonly HeaderBlock _fields = new(1024 * 1024, 1_000);
    private readonly List<byte> _block = [];
    private readonly Dictionary<int, ServerStream> _streams = [];

    private FrameClient(Socket socket) => _stream = new(socket, ownsSocket: true);

    /// <summary>The server's SETTINGS.</summary>
    public Dictionary<SettingId, uint> Settings { get; } = [];

    /// <summary>The number of this client's SETTINGS acknowledged by the server.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>The payloads of the answers to PING.</summary>
    public List<byte[]> Pongs { get; } = [];

    /// <summary>The last GOAWAY: the last stream and the error.</summary>
    public (int LastStream, Http2Error Error)? GoAway { get; private set; }

    /// <summary>Whether the server has closed the connection.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The bytes that this client may still send on the connection.</summary>
    public long Window { get; private set; } = 65_535;

    public static Task<FrameClient> ConnectAsync(Uri address, params (SettingId Id, uint Value)[] settings) => ConnectAsync(address, 0, settings);

    /// <summary>Connects, and exchanges SETTINGS.</summary>
    /// <param name="receiveBuffer">The socket's receive buffer in bytes; 0: the system's default.</param>
    public static async Task<FrameClient> ConnectAsync(Uri address, int receiveBuffer, params (SettingId Id, uint Value)[] settings)
    {
        var client = await OpenAsync(address, receiveBuffer);
        await client.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SettingsAsync(settings);
        await client.UntilAsync(() => client.Acknowledged == 1 && client.Settings.Count > 0);
        return client;
    }

    /// <summary>Connects and sends nothing.</summary>
    public static async Task<FrameClient> OpenAsync(Uri address, int receiveBuffer = 0)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        await socket.ConnectAsync(address.Host, address.Port);
        return new(socket);
    }

    public ServerStream Of(int stream)
    {
        if (!_streams.TryGetValue(stream, out var state))
        {
            _streams[stream] = state = new();
        }

        return state;
    }

    /// <summary>Writes raw bytes. It is not an error if the server no longer takes them: its earlier frames can still be read.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
            await _stream.WriteAsync(bytes, limit.Token);
        }
        catch (IOException)
        {
            // Closed, as reading will show.
        }
    }

    public static byte[] Frame(FrameType type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, stream).Write(frame);
        payload.CopyTo(frame, FrameHeader.Size);
        return frame;
    }

    public Task SendAsync(FrameType type, byte flags, int stream, params byte[] payload) => WriteAsync(Frame(type, flags, stream, payload));

    public Task SettingsAsync(params (SettingId Id, uint Value)[] settings)
    {
        var payload = new byte[6 * settings.Length];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6 * i), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(6 * i + 2), settings[i].Value);
        }

        return SendAsync(FrameType.Settings, 0, 0, payload);
    }

    /// <summary>A request's head in one frame.</summary>
    public Task HeadersAsync(int stream, bool end, params (string Name, string Value)[] fields) =>
        SendAsync(FrameType.Headers, (byte)(FrameFlags.EndHeaders | (end ? FrameFlags.EndStream : 0)), stream, RequestFields.Block(fields));

    /// <summary>A GET that ends with its head.</summary>
    public Task GetAsync(int stream, string path = "/") => HeadersAsync(stream, true, RequestFields.Head("GET", path));

    /// <summary>The head of a POST, its body to come.</summary>
    public Task PostAsync(int stream, params (string Name, string Value)[] more) => HeadersAsync(stream, false, [.. RequestFields.Head("POST"), .. more]);

    public Task DataAsync(int stream, string text, bool end = false) =>
        SendAsync(FrameType.Data, end ? FrameFlags.EndStream : FrameFlags.None, stream, System.Text.Encoding.Latin1.GetBytes(text));

    public Task ResetAsync(int stream, Http2Error error = Http2Error.Cancel) => SendAsync(FrameType.RstStream, 0, stream, Number((uint)error));

    public Task WindowAsync(int stream, uint increment) => SendAsync(FrameType.WindowUpdate, 0, stream, Number(increment));

    public static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Sends a PING and reads until it is answered: the server has then processed everything before it.</summary>
    public async Task PingAsync()
    {
        var before = Pongs.Count;
        await SendAsync(FrameType.Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        await UntilAsync(() => Pongs.Count > before);
        Assert.True(Pongs.Count > before, $"the connection ended: {GoAway}");
    }

    /// <summary>Reads the answer on a stream to its end.</summary>
    public async Task<ServerStream> AnswerAsync(int stream)
    {
        await UntilAsync(() => Of(stream).HasEnded);
        Assert.True(Of(stream) is { HasEnded: true, Reset: null }, $"stream {stream}: reset with {Of(stream).Reset}, connection: {GoAway}");
        return Of(stream);
    }

    /// <summary>Reads until the server has ended the connection.</summary>
    /// <returns>The error of its GOAWAY; null: it closed without one.</returns>
    public async Task<Http2Error?> EndAsync()
    {
        await UntilAsync(() => false);
        return GoAway?.Error;
    }

    /// <summary>Reads until a stream has been reset, or the connection has been ended with an error.</summary>
    public async Task<Fault> FaultAsync(int stream)
    {
        await UntilAsync(() => Of(stream).Reset is not null || GoAway is { Error: not Http2Error.NoError });
        return Of(stream).Reset is { } reset ? new(false, reset) : new(true, GoAway?.Error);
    }

    /// <summary>Reads frames until a condition holds, or the server has closed the connection.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        while (!IsClosed && !holds())
        {
            await ReadFrameAsync();
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task ReadFrameAsync()
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        var head = new byte[FrameHeader.Size];
        byte[] payload;
        FrameHeader frame;
        try
        {
            await _stream.ReadExactlyAsync(head, limit.Token);
            frame = FrameHeader.Read(head);
            payload = new byte[frame.Length];
            await _stream.ReadExactlyAsync(payload, limit.Token);
        }
        catch (Exception end) when (end is IOException or EndOfStreamException)
        {
            IsClosed = true;
            return;
        }

        await TakeAsync(frame, payload);
    }

    private async Task TakeAsync(FrameHeader frame, byte[] payload)
    {
        switch (frame.Type)
        {
            case FrameType.Settings when frame.Has(FrameFlags.Ack):
                Assert.Empty(payload);
                Acknowledged++;
                break;
            case FrameType.Settings:
                for (var at = 0; at < payload.Length; at += 6)
                {
                    Settings[(SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at))] = BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(at + 2));
                }

                await SendAsync(FrameType.Settings, FrameFlags.Ack, 0);
                break;
            case FrameType.Ping when frame.Has(FrameFlags.Ack):
                Pongs.Add(payload);
                break;
            case FrameType.GoAway:
                GoAway = (BinaryPrimitives.ReadInt32BigEndian(payload), (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(4)));
                break;
            case FrameType.RstStream:
                Of(frame.StreamId).Reset = (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload);
                break;
            case FrameType.WindowUpdate when frame.StreamId == 0:
                Window += BinaryPrimitives.ReadUInt32BigEndian(payload);
                break;
            case FrameType.WindowUpdate:
                Of(frame.StreamId).Granted += BinaryPrimitives.ReadUInt32BigEndian(payload);
                break;
            case FrameType.Data:
                Of(frame.StreamId).Take(payload, frame.Has(FrameFlags.EndStream));
                break;
            case FrameType.Headers or FrameType.Continuation:
                TakeHeaders(frame, payload);
                break;
        }
    }

    private bool _endsStream;

    private void TakeHeaders(FrameHeader frame, byte[] payload)
    {
        _endsStream = frame.Type == FrameType.Headers ? frame.Has(FrameFlags.EndStream) : _endsStream;
        _block.AddRange(payload);
        if (frame.Has(FrameFlags.EndHeaders))
        {
            _fields.Clear();
            Assert.Equal(Http2Error.NoError, _decoder.Decode(_block.ToArray(), _fields));
            _block.Clear();
            Of(frame.StreamId).Take(Tests.Http.Http2.Blocks.Fields(_fields), _endsStream);
        }
    }
}
