using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Passes an answer on to the client as it comes: the head's fields without new strings where the last answer had the same, the body from
/// the socket straight into the client's output. A small answer is not flushed here, so that head and body leave in one write.
/// </summary>
internal sealed class AnswerRelay(HttpContext context, Http1Connection connection, long idleTicks, TransportClock clock)
{
    /// <summary>What is asked of the client's output at a time, in bytes.</summary>
    private const int Stretch = 16 * 1024;

    private const int EarlyHints = 103;

    private bool _ownFraming;

    /// <summary>Bytes of the body taken from the endpoint.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Whether anything of the body went into the client's output, from where it cannot be taken back.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>The client's output is closed.</summary>
    public bool ClientGone { get; private set; }

    private PipeWriter Output => context.Response.BodyWriter;

    /// <summary>The seconds of Retry-After, where the endpoint gives some.</summary>
    public static TimeSpan? RetryAfterOf(ResponseHead head, ReadOnlySpan<byte> section) =>
        head.Fields.TryFind(KnownField.RetryAfter, out var field) &&
        Utf8Parser.TryParse(field.Value(section), out int seconds, out var used) && used == field.ValueLength && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Fills the client's answer with status and fields.</summary>
    /// <param name="closeClient">The request's body is not all there: no other request can follow it.</param>
    public void CopyHead(ResponseHead head, ReadOnlySpan<byte> section, string via, bool closeClient)
    {
        var response = context.Response;
        response.StatusCode = head.Status;
        SetReason(head, section);
        foreach (ref readonly var field in head.Fields.All)
        {
            if (!field.EndToEnd)
            {
                continue;
            }

            if (field.Known == KnownField.ContentLength)
            {
                response.ContentLength = head.ContentLength;
            }
            else
            {
                var (name, value) = connection.Strings.Of(field.Name(section), field.Value(section));
                if (!response.Headers.TryAdd(name, value))
                {
                    response.Headers[name] = StringValues.Concat(response.Headers[name], value);
                }
            }
        }

        response.Headers.Append(HeaderNames.Via, ViaOf(head, via));
        if (closeClient)
        {
            response.Headers.Connection = "close";
        }
    }

    /// <summary>Passes the body on; false when the client did not take it to the end. Throws when the endpoint did not send it to the end.</summary>
    public ValueTask<bool> CopyBodyAsync(BodyFraming framing, ResponseHead head) => framing.Kind switch
    {
        BodyKind.None => new(true),
        BodyKind.Length => CopyLengthAsync(framing.Bytes),
        BodyKind.Chunked => CopyChunkedAsync(head.HasTrailer),
        _ => CopyUntilCloseAsync(),
    };

    /// <summary>Takes in the rest of an answer that nobody wants; false when it is longer than the limit or does not come in time.</summary>
    public async ValueTask<bool> DrainAsync(BodyFraming framing, int limit, TimeSpan patience)
    {
        if (framing.Kind == BodyKind.None)
        {
            return true;
        }

        if (framing.Kind != BodyKind.Length || framing.Bytes > limit)
        {
            return false;
        }

        connection.SetDeadline(clock.Now + clock.Ticks(patience));
        for (var left = framing.Bytes; left > 0;)
        {
            var taken = (int)Math.Min(left, connection.Input.Length);
            connection.Consume(taken);
            left -= taken;
            if (left > 0 && !await connection.FillAsync(limit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Passes an early hint on to an HTTP/1.1 client, outside the answer, since the server has no call for it.</summary>
    public async ValueTask InterimAsync(ResponseHead head, ReadOnlyMemory<byte> section)
    {
        if (head.Status != EarlyHints || context.Request.Protocol != HttpProtocol.Http11 ||
            context.Response.HasStarted || context.Features.Get<IConnectionTransportFeature>() is not { } transport)
        {
            return;
        }

        var output = transport.Transport.Output;
        Write(output, "HTTP/1.1 103 Early Hints\r\n"u8);
        WriteFields(output, head.Fields, section.Span);
        Write(output, "\r\n"u8);
        await output.FlushAsync();
    }

    /// <summary>Names the version that the endpoint spoke, where the request's Via names the client's.</summary>
    private static string ViaOf(ResponseHead head, string ofRequest)
    {
        var version = head.IsHttp11 ? "1.1" : "1.0";
        return ofRequest.StartsWith(version, StringComparison.Ordinal)
            ? ofRequest
            : $"{version}{ofRequest.AsSpan(ofRequest.IndexOf(' ', StringComparison.Ordinal))}";
    }

    private void SetReason(ResponseHead head, ReadOnlySpan<byte> section)
    {
        var reason = section.Slice(head.Reason.Start, head.Reason.Length);
        if (!Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(head.Status)) && context.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = Encoding.Latin1.GetString(reason);
        }
    }

    private ValueTask<bool> CopyLengthAsync(long length)
    {
        var input = connection.Input;
        if (input.Length >= length)
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
        var left = length - connection.Input.Length;
        Put(connection.Input.Span);
        connection.Consume(connection.Input.Length);
        while (left > 0)
        {
            if (!await FlushBegunAsync())
            {
                return false;
            }

            var room = Output.GetMemory(Stretch);
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
        while (true)
        {
            if (!await FlushBegunAsync())
            {
                return false;
            }

            var read = await ReadAsync(Output.GetMemory(Stretch));
            if (read == 0)
            {
                return await EndAsync();
            }

            Advance(read);
        }
    }

    private async ValueTask<bool> CopyChunkedAsync(bool announced)
    {
        // Kestrel frames a body itself and cannot end it with trailers over HTTP/1.1; where some are announced, it is framed here.
        _ownFraming = announced && context.Request.Protocol == HttpProtocol.Http11;
        if (_ownFraming)
        {
            context.Response.Headers.TransferEncoding = "chunked";
        }

        var decoder = new ChunkedDecoder(CodecLimits.Default, connection.Trailers);
        while (true)
        {
            var input = connection.Input;
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

                    connection.SetDeadline(clock.Now + idleTicks);
                    if (!await connection.FillAsync(CodecLimits.Default.MaxHead))
                    {
                        throw new EndOfStreamException("the body ended before its last chunk");
                    }

                    break;
                case ChunkState.Malformed:
                    throw new InvalidDataException($"the body's chunks are malformed: {step.Fault}");
                default:
                    EndChunks(input.Span.Slice(step.Start, step.Length));
                    connection.Consume(step.Consumed);
                    return await EndAsync();
            }
        }
    }

    private void EndChunks(ReadOnlySpan<byte> section)
    {
        if (_ownFraming)
        {
            Write(Output, "0\r\n"u8);
            WriteFields(Output, connection.Trailers, section);
            Write(Output, "\r\n"u8);
            return;
        }

        foreach (ref readonly var field in connection.Trailers.All)
        {
            if (field.EndToEnd && context.Response.SupportsTrailers())
            {
                context.Response.AppendTrailer(
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
        connection.SetDeadline(clock.Now + idleTicks);
        return connection.ReadAsync(room);
    }

    /// <summary>
    /// Sends what there is. A head alone is held back until the first bytes of its body: if they never come, another attempt can still
    /// follow. Not so for a stream of events, whose reader wants to know that it is connected.
    /// </summary>
    private ValueTask<bool> FlushBegunAsync() =>
        HasWritten || context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true
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
    private ValueTask<bool> EndAsync() => context.Response.HasStarted ? FlushAsync() : new(true);

    private static void WriteFields(PipeWriter output, FieldList fields, ReadOnlySpan<byte> section)
    {
        foreach (ref readonly var field in fields.All)
        {
            if (field.EndToEnd)
            {
                Write(output, field.Name(section));
                Write(output, ": "u8);
                Write(output, field.Value(section));
                Write(output, "\r\n"u8);
            }
        }
    }

    private static void Write(PipeWriter output, ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
