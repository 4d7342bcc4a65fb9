using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream.Http1;

/// <summary>What of an answer goes on to the client, or counts here, beside its final head.</summary>
internal static class HeadRelay
{
    private const int EarlyHints = 103;

    /// <summary>The seconds of Retry-After, where the endpoint gives some.</summary>
    public static TimeSpan? RetryAfterOf(ResponseHead head, ReadOnlySpan<byte> section) =>
        head.Fields.TryFind(KnownField.RetryAfter, out var field) &&
        Utf8Parser.TryParse(field.Value(section), out int seconds, out var used) && used == field.ValueLength && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Passes an early hint on to an HTTP/1.1 client, outside the answer, since the server has no call for it.</summary>
    public static async ValueTask InterimAsync(HttpContext context, ResponseHead head, ReadOnlyMemory<byte> section)
    {
        if (head.Status != EarlyHints || context.Request.Protocol != HttpProtocol.Http11 ||
            context.Response.HasStarted || context.Features.Get<IConnectionTransportFeature>() is not { } transport)
        {
            return;
        }

        var output = transport.Transport.Output;
        output.Write("HTTP/1.1 103 Early Hints\r\n"u8);
        WriteFields(output, head.Fields, section.Span);
        output.Write("\r\n"u8);
        await output.FlushAsync();
    }

    public static void WriteFields(PipeWriter output, FieldList fields, ReadOnlySpan<byte> section)
    {
        foreach (ref readonly var field in fields.All)
        {
            if (field.EndToEnd)
            {
                output.Write(field.Name(section));
                output.Write(": "u8);
                output.Write(field.Value(section));
                output.Write("\r\n"u8);
            }
        }
    }
}
