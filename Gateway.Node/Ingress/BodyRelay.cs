using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// Passes a request's body from Kestrel to the engine as it arrives, and no faster than the engine takes it. A part that came with the head is sent with the
/// head, which is already written.
/// </summary>
internal static class BodyRelay
{
    private static readonly HeaderDictionary NoTrailers = [];

    /// <param name="text">Has written the head, and writes the trailers.</param>
    /// <param name="asked">Completes when the client may be asked for the body, if it waits for that; reading asks it.</param>
    /// <returns>Whether the whole body has been passed on.</returns>
    public static async Task<bool> RunAsync(HttpRequest from, PipeWriter to, RequestText text, Task asked)
    {
        try
        {
            if (!asked.IsCompletedSuccessfully)
            {
                await to.FlushAsync();
                await asked;
            }

            return await CopyAsync(from, to, text);
        }
        catch (BadHttpRequestException) when (text.IsChunked)
        {
            to.Write("malformed\r\n"u8); // In place of a chunk size: the engine refuses and counts it like any invalid body.
            await to.FlushAsync();
        }
        catch (Exception error) when (error is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            to.Complete(error); // The client has left: the engine must know at once, in any state.
        }

        return false;
    }

    private static async Task<bool> CopyAsync(HttpRequest request, PipeWriter to, RequestText text)
    {
        var (from, isChunked) = (request.BodyReader, text.IsChunked);
        while (true)
        {
            if (!from.TryRead(out var read))
            {
                if (to.UnflushedBytes > 0)
                {
                    await to.FlushAsync();
                }

                read = await from.ReadAsync();
            }

            if (read.IsCanceled)
            {
                from.AdvanceTo(read.Buffer.Start);
                return false;
            }

            Write(read.Buffer, to, isChunked);
            from.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted && isChunked)
            {
                to.Write("0\r\n"u8);
                text.WriteTrailers(TrailersOf(request));
                to.Write(text.Written);
            }

            var flush = await to.FlushAsync();
            if (read.IsCompleted)
            {
                return true;
            }

            if (flush.IsCompleted || flush.IsCanceled)
            {
                return false;
            }
        }
    }

    private static IHeaderDictionary TrailersOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestTrailersFeature>() is { Available: true } feature ? feature.Trailers : NoTrailers;

    private static void Write(in ReadOnlySequence<byte> bytes, PipeWriter to, bool isChunked)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (isChunked)
        {
            Span<byte> size = stackalloc byte[18];
            _ = Utf8Formatter.TryFormat(bytes.Length, size, out var digits, 'x');
            "\r\n"u8.CopyTo(size[digits..]);
            to.Write(size[..(digits + 2)]);
        }

        foreach (var stretch in bytes)
        {
            to.Write(stretch.Span);
        }

        if (isChunked)
        {
            to.Write("\r\n"u8);
        }
    }
}
