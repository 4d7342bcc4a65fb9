using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Gateway.Upstream.Http1;

/// <summary>Passes an answer's head on to the client, without new strings where the connection's last answer said the same.</summary>
internal static class HeadRelay
{
    private const int EarlyHints = 103;

    /// <summary>The seconds of Retry-After, where the endpoint gives some.</summary>
    public static TimeSpan? RetryAfterOf(ResponseHead head, ReadOnlySpan<byte> section) =>
        head.Fields.TryFind(KnownField.RetryAfter, out var field) &&
        Utf8Parser.TryParse(field.Value(section), out int seconds, out var used) && used == field.ValueLength && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Fills the client's answer with status and fields.</summary>
    /// <param name="closeClient">The client still holds its body back: no other request can follow on its connection.</param>
    public static void Copy(HttpContext context, FieldStrings strings, ResponseHead head, ReadOnlySpan<byte> section, string via, bool closeClient)
    {
        var response = context.Response;
        var headers = response.Headers;
        response.StatusCode = head.Status;
        SetReason(context, head, section);
        foreach (ref readonly var field in head.Fields.All)
        {
            if (!field.EndToEnd)
            {
                continue;
            }

            if (field.Known == KnownField.ContentLength)
            {
                // A 204 has no body, whatever it says (RFC 9112 6.3).
                headers.ContentLength = head.Status == StatusCodes.Status204NoContent ? null : head.ContentLength;
            }
            else
            {
                var (name, value) = strings.Of(field.Name(section), field.Value(section));
                headers[name] = headers.TryGetValue(name, out var before) ? StringValues.Concat(before, value) : value;
            }
        }

        headers.Via = StringValues.Concat(headers.Via, ViaOf(head, via));
        if (closeClient)
        {
            headers.Connection = "close";
        }
    }

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

    /// <summary>Names the version that the endpoint spoke, where the request's Via names the client's.</summary>
    private static string ViaOf(ResponseHead head, string ofRequest)
    {
        var version = head.IsHttp11 ? "1.1" : "1.0";
        return ofRequest.StartsWith(version, StringComparison.Ordinal)
            ? ofRequest
            : $"{version}{ofRequest.AsSpan(ofRequest.IndexOf(' ', StringComparison.Ordinal))}";
    }

    private static void SetReason(HttpContext context, ResponseHead head, ReadOnlySpan<byte> section)
    {
        var reason = section.Slice(head.Reason.Start, head.Reason.Length);
        if (!Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(head.Status)) && context.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = Encoding.Latin1.GetString(reason);
        }
    }
}
