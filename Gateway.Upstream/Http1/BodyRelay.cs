using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Passes an answer's body on to the client as it comes, from the socket straight into the client's output. A small one is not flushed
/// here, so that it leaves in one write with its head.
/// </summary>
internal sealed class BodyRelay(Http1Connection connection, TransportClock clock)
{
    /// <summary>What is asked of the client's output at a time, in bytes: as much as is still to come, up to what one system call may well bring.</summary>
    private const int Stretch = 64 * 1024;

    /// <summary>The same of a body whose length nobody knows, which may be a stream that is silent for long.</summary>
    private const int ShortStretch = 16 * 1024;

    /// <summary>Of a body that is written before its head, in bytes.</summary>
    private const int Small = 1024;

    private HttpContext _context = null!;
    private long _idleTicks;
    private bool _ownFraming;

    /// <summary>Bytes of the body taken from the endpoint.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Whether anything of the body went into the client's output, from where it cannot be taken back.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>The client's output is closed.</summary>
    public bool ClientGone { get; private set; }

    private PipeWriter Output => _context.Response.BodyWriter;

    /// <summary>From here on it is about this request's answer.</summary>
    /// <param name="idleTicks">How long the endpoint may be silent in its body.</param>
    public void Begin(HttpContext context, long idleTicks)
    {
        (_context, _idleTicks) = (context, idleTicks);
        (_ownFraming, BodyBytes, HasWritten, ClientGone) = (false, 0, false, false);
    }

    /// <summary>Lets go of the request.</summary>
    public void End() => _context = null!;

    /// <summary>Passes the body on; false when the client did not take it to the end. Throws when the endpoint did not send it to the end.</summary>
    public ValueTask<bool> CopyAsync(BodyFraming framing, ResponseHead head) => framing.Kind switch
    {
        BodyKind.None => new(true),
        BodyKind.Length => CopyLengthAsync(framing.Bytes),
        BodyKind.Chunked => CopyChunkedAsync(head.HasTrailer),
        _ => CopyUntilCloseAsync(),
    };

    private ValueTask<bool> CopyLengthAsync(long length)
    {
        var input = connection.Input;
        if (input.Length >= length && length <= Small)
        {
            // All of it is here: the usual small answer.
            Put(input.Span[..(int)length]);
            connection.Consume((int)length);
            return new(true);
        }

        return CopyRestAsync(length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> CopyRestAsync(long length)
    {
        var here = (int)Math.Min(length, connection.Input.Length);
        if (here > 0)
        {
            // Once its head is written, the server's output takes the body in place instead of keeping it until then.
            await _context.Response.StartAsync();
            connection.Input.Span[..here].CopyTo(Output.GetSpan(here));
            Advance(here);
            connection.Consume(here);
        }

        var left = length - here;
        while (left > 0)
        {
            if (!await FlushBegunAsync())
            {
                return false;
            }

            var room = Output.GetMemory((int)Math.Min(left, Stretch));
            var read = await ReadAsync(left < room.Length ? room[..(int)left] : room);
            if (read == 0)
            {
                throw new EndOfStreamException($"the body ended {left} bytes short");
            }

            Advance(read);
            left -= read;
        }

        return await EndAsync();
    }

    private async ValueTask<bool> CopyUntilCloseAsync()
    {
        Put(connection.Input.Span);
        connection.Consume(connection.Input.Length);
        var stretch = ShortStretch;
        while (true)
        {
            if (!await FlushBegunAsync())
            {
                return false;
            }

            var room = Output.GetMemory(stretch);
            var read = await ReadAsync(room);
            if (read == 0)
            {
                return await EndAsync();
            }

            stretch = read == room.Length ? Stretch : ShortStretch;
            Advance(read);
        }
    }

    private async ValueTask<bool> CopyChunkedAsync(bool announced)
    {
        // Kestrel frames a body itself and cannot end it with trailers over HTTP/1.1; where some are announced, it is framed here.
        _ownFraming = announced && _context.Request.Protocol == HttpProtocol.Http11;
        if (_ownFraming)
        {
            _context.Response.Headers.TransferEncoding = "chunked";
        }

        var decoder = new ChunkedDecoder(CodecLimits.Default, connection.Trailers);
        while (true)
        {
            var input = connection.Input;
            if (!HasWritten)
            {
                Inspect(decoder, input.Span);
            }

            var step = decoder.Next(input.Span);
            switch (step.State)
            {
                case ChunkState.Payload:
                    PutChunk(input.Span.Slice(step.Start, step.Length));
                    connection.Consume(step.Consumed);
                    break;
                case ChunkState.NeedMore:
                    connection.Consume(step.Consumed);
                    if (!await FlushBegunAsync())
                    {
                        return false;
                    }

                    connection.SetDeadline(clock.Now + _idleTicks);
                    if (await connection.FillAsync(CodecLimits.Default.MaxHead) == 0)
                    {
                        throw new EndOfStreamException("the body ended before its last chunk");
                    }

                    break;
                case ChunkState.Malformed:
                    throw Malformed(step.Fault);
                default:
                    EndChunks(input.Span.Slice(step.Start, step.Length));
                    connection.Consume(step.Consumed);
                    return await EndAsync();
            }
        }
    }

    /// <summary>
    /// Looks through all chunks that have come before the first of them is passed on: as long as nothing has, a bad one costs the client its
    /// answer and not its connection.
    /// </summary>
    /// <param name="decoder">A copy, whose steps are not those of the body's own.</param>
    private static void Inspect(ChunkedDecoder decoder, ReadOnlySpan<byte> input)
    {
        var step = decoder.Next(input);
        while (step.State == ChunkState.Payload)
        {
            input = input[step.Consumed..];
            step = decoder.Next(input);
        }

        if (step.State == ChunkState.Malformed)
        {
            throw Malformed(step.Fault);
        }
    }

    private static InvalidDataException Malformed(CodecFault fault) => new($"the body's chunks are malformed: {fault}");

    private void EndChunks(ReadOnlySpan<byte> section)
    {
        if (_ownFraming)
        {
            Write(Output, "0\r\n"u8);
            HeadRelay.WriteFields(Output, connection.Trailers, section);
            Write(Output, "\r\n"u8);
            return;
        }

        foreach (ref readonly var field in connection.Trailers.All)
        {
            if (field.EndToEnd && _context.Response.SupportsTrailers())
            {
                _context.Response.AppendTrailer(
                    Encoding.Latin1.GetString(field.Name(section)), new StringValues(Encoding.Latin1.GetString(field.Value(section))));
            }
        }
    }

    private void PutChunk(ReadOnlySpan<byte> payload)
    {
        if (!_ownFraming)
        {
            Put(payload);
            return;
        }

        Span<byte> size = stackalloc byte[16];
        payload.Length.TryFormat(size, out var digits, "x", CultureInfo.InvariantCulture);
        Write(Output, size[..digits]);
        Write(Output, "\r\n"u8);
        Put(payload);
        Write(Output, "\r\n"u8);
    }

    private void Put(ReadOnlySpan<byte> payload)
    {
        if (!payload.IsEmpty)
        {
            Write(Output, payload);
            BodyBytes += payload.Length;
            HasWritten = true;
        }
    }

    private void Advance(int bytes)
    {
        Output.Advance(bytes);
        BodyBytes += bytes;
        HasWritten = true;
    }

    private ValueTask<int> ReadAsync(Memory<byte> room)
    {
        connection.SetDeadline(clock.Now + _idleTicks);
        return connection.ReadAsync(room);
    }

    /// <summary>
    /// Sends what there is. A head alone is held back until the first bytes of its body: if they never come, another attempt can still
    /// follow. Not so for a stream of events, whose reader wants to know that it is connected.
    /// </summary>
    private ValueTask<bool> FlushBegunAsync() =>
        HasWritten || _context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true
            ? FlushAsync()
            : new(true);

    /// <summary>Waits for the client, for as long as the server lets it be slow; the endpoint is not to blame meanwhile.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FlushAsync()
    {
        var flushing = Output.FlushAsync();
        if (!flushing.IsCompleted)
        {
            connection.ClearDeadline();
        }

        var result = await flushing;
        ClientGone = result.IsCompleted || result.IsCanceled;
        return !ClientGone;
    }

    /// <summary>The server flushes at the end only what it has not begun to send.</summary>
    private ValueTask<bool> EndAsync() => _context.Response.HasStarted ? FlushAsync() : new(true);

    private static void Write(PipeWriter output, ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
