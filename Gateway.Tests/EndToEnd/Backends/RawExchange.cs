using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>
/// One request and its answer, for a script. The first of a connection begins when the connection is accepted, each further one when its first byte arrives.
/// When a script returns, the connection stays open for the next, unless the script ended it.
/// </summary>
public sealed class RawExchange
{
    private readonly Socket _socket;
    private readonly RawReader _reader;
    private readonly RequestLog _log;
    private RawRequest? _request;

    internal RawExchange(Socket socket, RawReader reader, RequestLog log, int connection, int number, CancellationToken stopping)
    {
        _socket = socket;
        _reader = reader;
        _log = log;
        Connection = connection;
        NumberOnConnection = number;
        Stopping = stopping;
    }

    /// <summary>The number of this connection at the backend, from 0.</summary>
    public int Connection { get; }

    /// <summary>The number of this request on its connection, from 0: above 0 the connection was kept alive.</summary>
    public int NumberOnConnection { get; }

    /// <summary>Cancelled when the backend stops; scripts with waits of their own must observe it.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The request whose head was read.</summary>
    public RawRequest Request => _request ?? throw new InvalidOperationException("read the head first");

    internal bool Ended { get; private set; }

    /// <summary>Reads the head and records the request. Throws <see cref="EndOfStreamException"/> if the client leaves before.</summary>
    public async Task<RawRequest> ReadHeadAsync()
    {
        var head = await _reader.ReadHeadAsync(Stopping) ?? throw new EndOfStreamException("the client left before a whole head");
        _request = new RawRequest(head, Connection, NumberOnConnection);
        _log.Add(_request);
        return _request;
    }

    /// <summary>Reads the body into the recorded request.</summary>
    public async Task<RawRequest> ReadBodyAsync()
    {
        var body = await _reader.ReadBodyAsync(Request.Head, untilClose: false, Arrived, Stopping);
        Request.Ended(body);
        _log.Changed();
        return Request;

        void Arrived(ReadOnlyMemory<byte> part)
        {
            Request.Arrived(part);
            _log.Changed();
        }
    }

    /// <summary>Reads head and body.</summary>
    public async Task<RawRequest> ReadRequestAsync()
    {
        await ReadHeadAsync();
        return await ReadBodyAsync();
    }

    /// <summary>Sends exactly these bytes, one per char (Latin-1).</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, Stopping)..];
        }
    }

    /// <summary>Sends a regular answer with a Content-Length.</summary>
    /// <param name="fields">Further field lines, without line ends.</param>
    public Task AnswerAsync(int status = 200, string body = "", params string[] fields) =>
        WriteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} Status\r\n{string.Concat(fields.Select(field => field + "\r\n"))}Content-Length: {body.Length}\r\n\r\n{body}"));

    /// <summary>Waits for the next byte without reading it; null if the client has left.</summary>
    public async Task<byte?> PeekAsync() => await _reader.PeekAsync(Stopping);

    /// <summary>Reads that many bytes: for the data after an upgrade.</summary>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new List<byte>();
        if (!await _reader.ReadBytesAsync(count, part => bytes.AddRange(part.Span), Stopping))
        {
            throw new EndOfStreamException($"the client left after {bytes.Count} of {count} bytes");
        }

        return [.. bytes];
    }

    /// <summary>How the client has ended.</summary>
    public RawEnd End => _reader.End;

    /// <summary>Reads everything until the client ends its side.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var bytes = new List<byte>();
        await _reader.ReadBytesAsync(long.MaxValue, part => bytes.AddRange(part.Span), Stopping);
        return Encoding.Latin1.GetString(bytes.ToArray());
    }

    /// <summary>Reads that many bytes, and sends them back.</summary>
    public async Task EchoAsync(int count) => await WriteAsync(await ReadBytesAsync(count));

    /// <summary>Sends nothing (more) until the client leaves or the backend stops.</summary>
    public async Task HangAsync()
    {
        await _reader.ReadBytesAsync(long.MaxValue, null, Stopping);
        Close();
    }

    /// <summary>Ends the backend's side, and can still read.</summary>
    public void ShutdownSend() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes the connection. Unread bytes turn that into a reset.</summary>
    public void Close()
    {
        Ended = true;
        _socket.Close();
    }

    /// <summary>Resets the connection. Data sent before arrives first.</summary>
    public void Reset()
    {
        Ended = true;
        _socket.Close(timeout: 0);
    }
}
