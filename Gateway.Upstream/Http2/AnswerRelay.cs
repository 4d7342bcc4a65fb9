using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http2;

/// <summary>
/// Passes an answer's body on to the client as it comes. Whenever nothing more is there, what there is goes out, the head alone too: a client may
/// wait for it before it sends on.
/// </summary>
/// <param name="length">What the head announces, in bytes; null: nothing.</param>
internal sealed class AnswerRelay(HttpContext client, Http2Attempt attempt, HttpResponseMessage answer, long? length)
{
    /// <summary>What is asked of the client's output at a time, in bytes.</summary>
    private const int Stretch = 16 * 1024;

    /// <summary>What is kept of a body that does not pause, before it goes out. In bytes.</summary>
    private const int MostKept = 64 * 1024;

    private bool _ownFraming;
    private int _kept;

    /// <summary>Bytes of the body taken from the endpoint.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>Whether anything of the answer went into the client's output, from where it cannot be taken back.</summary>
    public bool HasWritten { get; private set; }

    private PipeWriter Output => client.Response.BodyWriter;

    /// <summary>Passes the body and what follows it on; false when the client did not take it. Throws when the endpoint did not send it to its end.</summary>
    public async ValueTask<bool> CopyAsync(CancellationToken cancellation)
    {
        FrameIfAnnounced();
        var body = await answer.Content.ReadAsStreamAsync(cancellation);
        while (true)
        {
            var waiting = body.ReadAsync(Memory<byte>.Empty, cancellation).AsTask(); // Until there is something, or the end.
            if (!waiting.IsCompleted || _kept >= MostKept)
            {
                var taken = await FlushAsync();
                if (!taken)
                {
                    attempt.Stop(StopCause.ClientGone);
                    await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return false;
                }
            }

            await waiting;
            var read = await TakeAsync(body, cancellation);
            attempt.OnBody();
            if (read == 0)
            {
                break;
            }
        }

        if (length is { } announced && BodyBytes < announced)
        {
            throw new EndOfStreamException($"the body ended {announced - BodyBytes} bytes short");
        }

        End();
        return !client.Response.HasStarted || await FlushAsync();
    }

    private async ValueTask<int> TakeAsync(Stream body, CancellationToken cancellation)
    {
        if (_ownFraming)
        {
            return await TakeChunkAsync(body, cancellation);
        }

        var read = await body.ReadAsync(Output.GetMemory(Stretch), cancellation);
        Count(read);
        if (read > 0)
        {
            Output.Advance(read);
        }

        return read;
    }

    private async ValueTask<int> TakeChunkAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Stretch);
        try
        {
            var read = await body.ReadAsync(buffer, cancellation);
            Count(read);
            if (read > 0)
            {
                Write(read.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
                Output.Write(buffer.AsSpan(0, read));
                Write("\r\n");
            }

            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Count(int read)
    {
        BodyBytes += read;
        if (length is { } announced && BodyBytes > announced)
        {
            throw new InvalidDataException("the body is longer than announced");
        }

        _kept += read;
        HasWritten |= read > 0;
    }

    /// <summary>The server cannot end an HTTP/1.1 body with trailers; where some are announced, it is framed here.</summary>
    private void FrameIfAnnounced()
    {
        _ownFraming = client.Request.Protocol == HttpProtocol.Http11 && length is null && answer.Headers.NonValidated.Contains("Trailer");
        if (_ownFraming)
        {
            client.Response.Headers.TransferEncoding = "chunked";
        }
    }

    private void End()
    {
        if (_ownFraming)
        {
            HasWritten = true;
            Write("0\r\n");
            foreach (var (name, values) in AnswerFields.TrailersOf(answer))
            {
                foreach (var value in values)
                {
                    Write($"{name}: {value}\r\n");
                }
            }

            Write("\r\n");
        }
        else if (client.Response.SupportsTrailers())
        {
            foreach (var (name, values) in AnswerFields.TrailersOf(answer))
            {
                client.Response.AppendTrailer(name, values);
            }
        }
    }

    private void Write(string text) => Encoding.Latin1.GetBytes(text, Output);

    /// <summary>Waits for the client, for as long as the server lets it be slow; the endpoint is not to blame meanwhile.</summary>
    private async ValueTask<bool> FlushAsync()
    {
        _kept = 0;
        HasWritten = true;
        var flushing = Output.FlushAsync();
        if (!flushing.IsCompleted)
        {
            attempt.OnBlocked();
        }

        var result = await flushing;
        attempt.OnBody();
        return !result.IsCompleted && !result.IsCanceled;
    }
}
