using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Sample;

/// <summary>Well-formed answers of a sample backend.</summary>
internal static class Answers
{
    /// <summary>The byte at position i of a sized body is the digit i mod 10, so that a reader can tell a gap from an end.</summary>
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 64_000).Select(i => (byte)('0' + (i % 10)))];

    /// <summary>Describes the request: the target and the fields as received, and the size of the body.</summary>
    public static async Task EchoRequestAsync(HttpContext context, string backend, bool chunked)
    {
        var bodyBytes = await CountAsync(context.Request);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        await WriteJsonAsync(context, MediaTypeNames.Application.Json, chunked, json =>
        {
            json.WriteString("backend", backend);
            json.WriteString("method", context.Request.Method);
            json.WriteString("path", mark < 0 ? target : target[..mark]);
            json.WriteString("query", mark < 0 ? "" : target[(mark + 1)..]);
            json.WriteStartObject("headers");
            foreach (var (name, values) in context.Request.Headers.OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
            {
                json.WriteString(name, string.Join(", ", values.AsEnumerable()));
            }

            json.WriteEndObject();
            json.WriteNumber("bodyBytes", bodyBytes);
        });
    }

    /// <summary>Sends the request's body back as it arrives; never holds more than a few blocks of it.</summary>
    public static async Task EchoBodyAsync(HttpContext context, bool chunked)
    {
        context.Response.ContentType = context.Request.ContentType;
        context.Response.ContentLength = chunked ? null : context.Request.ContentLength;
        await context.Response.StartAsync();
        await context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter, context.RequestAborted);
    }

    public static async Task SizedAsync(HttpContext context, long size, bool chunked)
    {
        context.Response.ContentType = MediaTypeNames.Text.Plain;
        context.Response.ContentLength = chunked ? null : size;
        await context.Response.StartAsync();
        for (var left = HttpMethods.IsHead(context.Request.Method) ? 0 : size; left > 0; left -= Pattern.Length)
        {
            await context.Response.BodyWriter.WriteAsync(
                Pattern.AsMemory(0, (int)Math.Min(left, Pattern.Length)), context.RequestAborted);
        }
    }

    /// <summary>An RFC 9457 answer.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        return WriteJsonAsync(context, MediaTypeNames.Application.ProblemJson, chunked: false, json =>
        {
            json.WriteString("type", "about:blank");
            json.WriteString("title", title);
            json.WriteNumber("status", status);
            json.WriteString("detail", detail);
        });
    }

    /// <summary>Writes one JSON object, its properties in the order in which <paramref name="write"/> writes them.</summary>
    public static async Task WriteJsonAsync(HttpContext context, string mediaType, bool chunked, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.ContentType = mediaType;
        context.Response.ContentLength = chunked ? null : buffer.WrittenCount;
        await context.Response.StartAsync();
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static async Task<long> CountAsync(HttpRequest request)
    {
        var count = 0L;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            count += read.Buffer.Length;
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return count;
            }
        }
    }
}
