using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http2;

/// <summary>
/// Writes an answer as HTTP/1.1 bytes as it arrives: with its length if one is announced and there are no trailers, otherwise in chunks, with any trailers. Flushes whenever no
/// more data is available, even after the head alone: a client may wait for it before it sends on.
/// </summary>
/// <param name="output">Accepts no more than its reader has room for.</param>
internal sealed class StreamAnswer(HttpResponseMessage answer, PipeWriter output)
{
    /// <summary>The size of one read from the body, in bytes.</summary>
    private const int ReadSize = 16 * 1024;

    /// <summary>The bytes of a body without pauses to buffer before a flush.</summary>
    private const int MaxBuffered = 64 * 1024;

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(octet => (char)octet).Where(octet => octet != '\t')]);

    private long? _length;
    private bool _isChunked;
    private long _taken;
    private int _kept;

    /// <summary>Writes the answer to its end. Throws if the endpoint did not send all of it, or if it cannot be passed on.</summary>
    /// <param name="method">The request's method.</param>
    public async Task WriteAsync(string method, CancellationToken cancellation)
    {
        if (!AnswerFields.IsWellFormed(answer, out _length))
        {
            throw new InvalidDataException("the answer's head is malformed");
        }

        var isBodiless = AnswerFields.IsBodiless(answer, method);
        _isChunked = !isBodiless && (_length is null || answer.Headers.NonValidated.Contains(HeaderNames.Trailer)); // Trailers need chunks.
        WriteHead();
        if (!isBodiless)
        {
            await WriteBodyAsync(cancellation);
        }

        await FlushAsync(cancellation);
    }

    private void WriteHead()
    {
        var status = (int)answer.StatusCode;
        Write($"HTTP/1.1 {status} {ReasonPhrases.GetReasonPhrase(status)}\r\n");
        var connection = answer.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var options) ? new StringValues([.. options]) : StringValues.Empty;
        var named = NamedFields.Of(connection); // Once for all fields.
        foreach (var fields in (ReadOnlySpan<System.Net.Http.Headers.HttpHeadersNonValidated>)[answer.Headers.NonValidated, answer.Content.Headers.NonValidated])
        {
            foreach (var (name, values) in fields)
            {
                if (HopByHop.Contains(name) || named.Contain(name) || (_isChunked && HopByHop.IsFraming(name)))
                {
                    continue;
                }

                foreach (var value in values)
                {
                    WriteField(name, value);
                }
            }
        }

        Write(_isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
    }

    private async Task WriteBodyAsync(CancellationToken cancellation)
    {
        var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (true)
            {
                var waiting = body.ReadAsync(Memory<byte>.Empty, cancellation).AsTask(); // Completes when there is data, or at the end.
                if (!waiting.IsCompleted || _kept >= MaxBuffered)
                {
                    await FlushWhileReadingAsync(waiting, cancellation);
                }

                await waiting;
                var read = await body.ReadAsync(buffer, cancellation);
                if (read == 0)
                {
                    break;
                }

                Write(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_taken < _length)
        {
            throw new EndOfStreamException($"the body ended {_length - _taken} bytes short");
        }

        if (_isChunked)
        {
            WriteEnd();
        }
    }

    private void Write(ReadOnlySpan<byte> stretch)
    {
        (_taken, _kept) = (_taken + stretch.Length, _kept + stretch.Length);
        if (_taken > _length)
        {
            throw new InvalidDataException("the body is longer than announced");
        }

        if (!_isChunked)
        {
            output.Write(stretch);
            return;
        }

        Write(stretch.Length.ToString("x", CultureInfo.InvariantCulture));
        output.Write("\r\n"u8);
        output.Write(stretch);
        output.Write("\r\n"u8);
    }

    private void WriteEnd()
    {
        output.Write("0\r\n"u8);
        foreach (var (name, values) in AnswerFields.TrailersOf(answer))
        {
            foreach (var value in values)
            {
                WriteField(name, value ?? "");
            }
        }

        output.Write("\r\n"u8);
    }

    /// <summary>Rejects values that HTTP/2 allows but that would end the line here and begin another field.</summary>
    private void WriteField(string name, string value)
    {
        if (value.AsSpan().ContainsAny(Controls))
        {
            throw new InvalidDataException("a field of the answer has a control character");
        }

        Write($"{name}: {value}\r\n");
    }

    private void Write(string text) => Encoding.Latin1.GetBytes(text, output);

    private async Task FlushWhileReadingAsync(Task waiting, CancellationToken cancellation)
    {
        try
        {
            await FlushAsync(cancellation);
        }
        catch
        {
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Waits for the client, for as long as the exchange allows.</summary>
    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        _kept = 0;
        if ((await output.FlushAsync(cancellation)).IsCompleted)
        {
            throw new OperationCanceledException("the answer is no longer read");
        }
    }
}
