using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>One connection of a <see cref="Http2Backend"/>: reads frames, and runs the script for each stream.</summary>
[SuppressMessage("Design", "CA1001", Justification = "ServeAsync is the whole life of a connection and disposes of it.")]
internal sealed class Http2BackendConnection
{
    private const byte Data = 0, Headers = 1, RstStream = 3, Settings = 4, Ping = 6, GoAway = 7, Continuation = 9;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int Preface = 24;

    private readonly Http2Backend _backend;
    private readonly NetworkStream _stream;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Dictionary<int, Http2Exchange> _exchanges = [];
    private readonly List<Task> _scripts = [];
    private readonly TaskCompletionSource _ponged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Http2BackendConnection(Http2Backend backend, Socket socket, int number)
    {
        (_backend, Number) = (backend, number);
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Ended = Task.Run(ServeAsync);
    }

    /// <summary>The number of this connection at the backend, from 0.</summary>
    public int Number { get; }

    public Task Ended { get; }

    public async Task WriteAsync(byte type, byte flags, int stream, ReadOnlyMemory<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsMemory(9));
        await _writing.WaitAsync(_backend.Stopping);
        try
        {
            await _stream.WriteAsync(frame, _backend.Stopping);
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task WriteHeadersAsync(int stream, bool end, IEnumerable<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0); // A literal without indexing, with a new name.
            block.Add((byte)name.Length);
            block.AddRange(Encoding.Latin1.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.Latin1.GetBytes(value));
        }

        return WriteAsync(Headers, (byte)(EndHeaders | (end ? EndStream : 0)), stream, block.ToArray());
    }

    public Task WriteDataAsync(int stream, string text, bool end) => WriteAsync(Data, end ? EndStream : (byte)0, stream, Encoding.Latin1.GetBytes(text));

    public Task ResetAsync(int stream, int code) => WriteAsync(RstStream, 0, stream, Number32(code));

    /// <param name="last">The last stream processed.</param>
    public Task GoAwayAsync(int last, int code) => WriteAsync(GoAway, 0, 0, Number32(last).Concat(Number32(code)).ToArray());

    /// <summary>Waits until the client has read everything sent. Once per connection.</summary>
    public async Task SyncAsync()
    {
        await WriteAsync(Ping, 0, 0, new byte[8]);
        await _ponged.Task.WaitAsync(_backend.Stopping);
    }

    public void Drop() => _stream.Socket.Close(timeout: 0);

    private static byte[] Number32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private async Task ServeAsync()
    {
        using var stream = _stream;
        try
        {
            await _stream.ReadExactlyAsync(new byte[Preface], _backend.Stopping);
            byte[] limit = _backend.MaxStreams is { } streams ? [0, 3, .. Number32(streams)] : [];
            await WriteAsync(Settings, 0, 0, limit);
            while (true)
            {
                await ReadFrameAsync();
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, or the backend stops.
        }
        finally
        {
            foreach (var exchange in _exchanges.Values)
            {
                exchange.Ended();
            }
        }

        await Task.WhenAll(_scripts);
        _writing.Dispose();
    }

    private async Task ReadFrameAsync()
    {
        var head = new byte[9];
        await _stream.ReadExactlyAsync(head, _backend.Stopping);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
        await _stream.ReadExactlyAsync(payload, _backend.Stopping);
        var (type, flags, stream) = (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
        switch (type)
        {
            case Settings when (flags & Ack) == 0:
                await WriteAsync(Settings, Ack, 0, default);
                break;
            case Ping when (flags & Ack) == 0 && _backend.AnswersPings:
                await WriteAsync(Ping, Ack, 0, payload);
                break;
            case Ping when (flags & Ack) != 0 && payload.All(octet => octet == 0):
                _ponged.TrySetResult();
                break;
            case Headers when (flags & EndHeaders) != 0:
                Begin(stream, payload, (flags & EndStream) != 0);
                break;
            case Data:
                _exchanges[stream].Arrived(payload, (flags & EndStream) != 0);
                break;
            case RstStream:
                _exchanges[stream].WasReset(BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
            case Headers or Continuation:
                throw new NotSupportedException("a head in several frames");
            default:
                break;
        }
    }

    private void Begin(int stream, byte[] block, bool end)
    {
        var exchange = new Http2Exchange(this, stream, HeaderBlock.Read(block), _backend.Stopping);
        _exchanges.Add(stream, exchange);
        exchange.Arrived([], end);
        exchange.EndedWithHead = end;
        exchange.Number = _backend.Add(exchange); // Last: a test that waits for it reads the rest.
        _scripts.Add(Task.Run(() => RunAsync(exchange)));
    }

    private async Task RunAsync(Http2Exchange exchange)
    {
        try
        {
            await _backend.Script(exchange);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, or the backend stops.
        }
        catch (Exception fault)
        {
            _backend.Failed(fault);
        }
    }
}
