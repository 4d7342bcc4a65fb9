using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>Reads HTTP/1.1 messages from a connection, keeping every byte. The other side's end is a state, not an exception.</summary>
/// <param name="stream">The socket's stream, or TLS over it.</param>
internal sealed class RawReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly ArrayBufferWriter<byte> _taken = new();
    private int _start;
    private int _end;

    public RawEnd End { get; private set; }

    /// <summary>All bytes read since the last call, including framing.</summary>
    public byte[] Take()
    {
        var taken = _taken.WrittenSpan.ToArray();
        _taken.ResetWrittenCount();
        return taken;
    }

    /// <summary>Waits for a byte to read; false if the other side has ended.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start < _end)
        {
            return true;
        }

        if (End != RawEnd.Open)
        {
            return false;
        }

        try
        {
            (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted })
        {
            (_start, _end, End) = (0, 0, RawEnd.Reset);
            return false;
        }

        End = _end == 0 ? RawEnd.Closed : RawEnd.Open;
        return _end > 0;
    }

    /// <summary>Waits for a byte without reading it; null if the other side has ended.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellation) => await FillAsync(cancellation) ? _buffer[_start] : null;

    /// <summary>Reads a head; null if the other side ended before its end.</summary>
    public async Task<RawHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (await ReadLineAsync(cancellation) is { } line)
        {
            text.Append(line);
            if (text.Length > line.Length && line.TrimEnd('\r', '\n').Length == 0)
            {
                return RawHead.Parse(text.ToString());
            }
        }

        return null;
    }

    /// <summary>Reads the body that a head announces.</summary>
    /// <param name="untilClose">Whether a body without an announced end continues until the close, as in an answer.</param>
    /// <param name="arrived">Receives each part as it arrives.</param>
    public async Task<RawBody> ReadBodyAsync(
        RawHead head, bool untilClose, Action<ReadOnlyMemory<byte>>? arrived, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        var (framing, whole) = (RawFraming.None, true);
        List<string> trailers = [];
        if (head.Values("Transfer-Encoding").Any(v => v.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            framing = RawFraming.Chunked;
            whole = await ReadChunksAsync(Keep, trailers, cancellation);
        }
        else if (head.Values("Content-Length") is [var length, ..])
        {
            framing = RawFraming.ContentLength;
            whole = await ReadBytesAsync(long.Parse(length, CultureInfo.InvariantCulture), Keep, cancellation);
        }
        else if (untilClose)
        {
            framing = RawFraming.Close;
            await ReadBytesAsync(long.MaxValue, Keep, cancellation);
            whole = End == RawEnd.Closed;
        }

        return new RawBody(body.WrittenSpan.ToArray(), framing, whole, trailers);

        void Keep(ReadOnlyMemory<byte> part)
        {
            body.Write(part.Span);
            arrived?.Invoke(part);
        }
    }

    /// <summary>Reads that many bytes; false if the other side ended before.</summary>
    public async Task<bool> ReadBytesAsync(long count, Action<ReadOnlyMemory<byte>>? arrived, CancellationToken cancellation)
    {
        for (var left = count; left > 0;)
        {
            if (!await FillAsync(cancellation))
            {
                return false;
            }

            var part = _buffer.AsMemory(_start, (int)Math.Min(left, _end - _start));
            arrived?.Invoke(part);
            Consume(part.Length);
            left -= part.Length;
        }

        return true;
    }

    private async Task<bool> ReadChunksAsync(Action<ReadOnlyMemory<byte>> arrived, List<string> trailers, CancellationToken cancellation)
    {
        while (await ReadLineAsync(cancellation) is { } line)
        {
            var size = long.Parse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return await ReadTrailersAsync(trailers, cancellation);
            }

            if (!await ReadBytesAsync(size, arrived, cancellation) || !await ReadBytesAsync(2, null, cancellation))
            {
                return false;
            }
        }

        return false;
    }

    private async Task<bool> ReadTrailersAsync(List<string> trailers, CancellationToken cancellation)
    {
        while (await ReadLineAsync(cancellation) is { } line)
        {
            if (line is "\r\n")
            {
                return true;
            }

            trailers.Add(line.TrimEnd('\r', '\n'));
        }

        return false;
    }

    /// <summary>Reads a line with its end; null if the other side ended before it.</summary>
    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (await FillAsync(cancellation))
        {
            var lineFeed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var length = lineFeed < 0 ? _end - _start : lineFeed + 1;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, length));
            Consume(length);
            if (lineFeed >= 0)
            {
                return line.ToString();
            }
        }

        return null;
    }

    private void Consume(int count)
    {
        _taken.Write(_buffer.AsSpan(_start, count));
        _start += count;
    }
}
