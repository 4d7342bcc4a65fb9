using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Passes an answer's body on to the client as it comes, from the socket straight into the client's output. A small one that came with its
/// head is not flushed here, so that it leaves in one write with it; a head whose body keeps it waiting is sent alone.
/// </summary>
internal sealed class BodyRelay(Http1Connection connection, TransportClock clock)
{
    /// <summary>What is asked of the client's output at a time, in bytes: as much as is still to come, up to what one system call may well bring.</summary>
    private const int Stretch = 64 * 1024;

    /// <summary>The same of a body whose length nobody knows, which may be a stream that is silent for long.</summary>
    private const int ShortStretch = 16 * 1024;

    /// <summary>Of a body that is written before its head, in bytes.</summary>
    private const int Small = 1024;

    private readonly FirstBytes _first = new(connection, clock);
    private readonly ClientOutput _output = new(connection);
    private HttpContext _context = null!;
    private long _idleTicks;
    private FairShare _share;

    /// <summary>Bytes of the body taken from the endpoint.</summary>
    public long BodyBytes => _output.BodyBytes;

    /// <summary>Whether the client may have seen something of the answer.</summary>
    public bool HasBegun => _output.HasBegun;

    /// <summary>The client's output is closed.</summary>
    public bool ClientGone => _output.ClientGone;

    /// <summary>From here on it is about this request's answer.</summary>
    /// <param name="idleTicks">How long the endpoint may be silent in its body.</param>
    public void Begin(HttpContext context, long idleTicks)
    {
        (_context, _idleTicks, _share) = (context, idleTicks, default);
        _output.Begin(context);
    }

    /// <summary>Lets go of the request.</summary>
    public void End()
    {
        _context = null!;
        _output.End();
    }

    /// <summary>
    /// Sends the head alone if the body's first bytes keep it waiting: for a moment, in which an endpoint that breaks off at once still costs
    /// the client nothing; for none while the request is not sent to its end, since the client may be waiting for a word. False: the client
    /// is gone.
    /// </summary>
    public ValueTask<bool> SendHeadAsync(BodyFraming framing, ResponseHead head, bool mayWait)
    {
        if (framing.Kind == BodyKind.Chunked && head.HasTrailer)
        {
            _output.ExpectTrailers();
        }

        var isAlone = framing.Kind != BodyKind.None && connection.Input.IsEmpty && head.Status != StatusCodes.Status205ResetContent;
        return isAlone ? SendHeadAloneAsync(framing, mayWait) : new(true);
    }

    /// <summary>Passes the body on; false when the client did not take it to the end. Throws when the endpoint did not send it to the end.</summary>
    public ValueTask<bool> CopyAsync(BodyFraming framing, ResponseHead head) => framing.Kind switch
    {
        BodyKind.None => new(true),
        _ when head.Status == StatusCodes.Status205ResetContent => FindEmptyAsync(framing),
        BodyKind.Length => CopyLengthAsync(framing.Bytes),
        BodyKind.Chunked => CopyChunkedAsync(),
        _ => CopyUntilCloseAsync(),
    };

    /// <summary>Whoever asked for a stream of events wants to know that it is connected.</summary>
    private bool IsEventStream =>
        _context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    private async ValueTask<bool> SendHeadAloneAsync(BodyFraming framing, bool mayWait)
    {
        var come = mayWait && !IsEventStream && await _first.ComeAsync(CodecLimits.Default.MaxHead);
        if (!come && !await _output.FlushAsync())
        {
            return false;
        }

        connection.SetDeadline(clock.Now + _idleTicks);
        if (await connection.FillAsync(CodecLimits.Default.MaxHead) > 0)
        {
            return true;
        }

        CheckEnd();
        return framing.Kind == BodyKind.UntilClose
            ? true // The end of the stream is found again by whoever reads next.
            : throw new EndOfStreamException("the connection ended before the answer's body");
    }

    private ValueTask<bool> CopyLengthAsync(long length)
    {
        var input = connection.Input;
        if (input.Length >= length && length <= Small)
        {
            // All of it is here: the usual small answer.
            _output.Put(input.Span[..(int)length]);
            connection.Consume((int)length);
            return _output.EndAsync();
        }

        return CopyRestAsync(length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> CopyRestAsync(long length)
    {
        var here = (int)Math.Min(length, connection.Input.Length);
        if (here > 0)
        {
            await _output.StartAsync();
            connection.Input.Span[..here].CopyTo(_output.GetMemory(here).Span);
            _output.Advance(here);
            connection.Consume(here);
        }

        var left = length - here;
        while (left > 0)
        {
            if (!await _output.FlushAsync())
            {
                return false;
            }

            var room = _output.GetMemory((int)Math.Min(left, Stretch));
            var read = await ReadAsync(left < room.Length ? room[..(int)left] : room);
            if (read == 0)
            {
                throw new EndOfStreamException($"the body ended {left} bytes short");
            }

            _output.Advance(read);
            left -= read;
            if (_share.Spend(read))
            {
                await Task.Yield();
            }
        }

        return await _output.EndAsync();
    }

    private async ValueTask<bool> CopyUntilCloseAsync()
    {
        _output.Put(connection.Input.Span);
        connection.Consume(connection.Input.Length);
        var stretch = ShortStretch;
        while (true)
        {
            if (!await _output.FlushAsync())
            {
                return false;
            }

            var room = _output.GetMemory(stretch);
            var read = await ReadAsync(room);
            if (read == 0)
            {
                CheckEnd();
                return await _output.EndAsync();
            }

            stretch = read == room.Length ? Stretch : ShortStretch;
            _output.Advance(read);
            if (_share.Spend(read))
            {
                await Task.Yield();
            }
        }
    }

    private async ValueTask<bool> CopyChunkedAsync()
    {
        var decoder = new ChunkedDecoder(CodecLimits.Default, connection.Trailers);
        while (true)
        {
            var input = connection.Input;
            if (!_output.HasBegun && decoder.Inspect(input.Span) is var fault and not CodecFault.None)
            {
                throw Malformed(fault); // As long as nothing has gone on, a bad chunk costs the client its answer and not its connection.
            }

            var step = decoder.Next(input.Span);
            switch (step.State)
            {
                case ChunkState.Payload:
                    _output.PutChunk(input.Span.Slice(step.Start, step.Length));
                    connection.Consume(step.Consumed);
                    break;
                case ChunkState.NeedMore:
                    connection.Consume(step.Consumed);
                    if (!await _output.FlushAsync())
                    {
                        return false;
                    }

                    if (_share.Spend(await FillAsync()))
                    {
                        await Task.Yield();
                    }

                    break;
                case ChunkState.Malformed:
                    throw Malformed(step.Fault);
                default:
                    _output.EndChunks(connection.Trailers, input.Span.Slice(step.Start, step.Length));
                    connection.Consume(step.Consumed);
                    return await _output.EndAsync();
            }
        }
    }

    /// <summary>Takes in the body of an answer that has none by its status, before the client gets anything of it.</summary>
    private async ValueTask<bool> FindEmptyAsync(BodyFraming framing)
    {
        if (framing.Kind == BodyKind.Length)
        {
            throw Content();
        }

        var decoder = new ChunkedDecoder(CodecLimits.Default, connection.Trailers);
        while (true)
        {
            if (framing.Kind == BodyKind.UntilClose)
            {
                if (!connection.Input.IsEmpty)
                {
                    throw Content();
                }

                connection.SetDeadline(clock.Now + _idleTicks);
                if (await connection.FillAsync(CodecLimits.Default.MaxHead) == 0)
                {
                    CheckEnd();
                    return true;
                }

                continue;
            }

            var step = decoder.Next(connection.Input.Span);
            connection.Consume(step.Consumed);
            switch (step.State)
            {
                case ChunkState.NeedMore:
                    await FillAsync();
                    break;
                case ChunkState.Payload:
                    throw Content();
                case ChunkState.Malformed:
                    throw Malformed(step.Fault);
                default:
                    return true;
            }
        }
    }

    private static InvalidDataException Content() => new("a reset comes with content"); // RFC 9110 15.3.6

    private static InvalidDataException Malformed(CodecFault fault) => new($"the body's chunks are malformed: {fault}");

    /// <summary>A body that only the close ends is whole only if the close is the endpoint's own word (RFC 9112 9.8).</summary>
    private void CheckEnd()
    {
        if (connection.IsCutShort)
        {
            throw new EndOfStreamException("the TLS session was cut off, so the body may not be whole");
        }
    }

    private async ValueTask<int> FillAsync()
    {
        connection.SetDeadline(clock.Now + _idleTicks);
        var received = await connection.FillAsync(CodecLimits.Default.MaxHead);
        return received > 0 ? received : throw new EndOfStreamException("the body ended before its last chunk");
    }

    private ValueTask<int> ReadAsync(Memory<byte> room)
    {
        connection.SetDeadline(clock.Now + _idleTicks);
        return connection.ReadAsync(room);
    }
}
