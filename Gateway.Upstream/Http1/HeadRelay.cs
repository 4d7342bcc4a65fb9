using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace Gateway.Upstream.Http1;

/// <summary>What of an answer goes on to the client, or counts here, beside its final head.</summary>
internal static class HeadRelay
{
    /// <summary>The seconds of Retry-After, where the endpoint gives some.</summary>
    public static TimeSpan? RetryAfterOf(ResponseHead head, ReadOnlySpan<byte> section) =>
        head.Fields.TryFind(KnownField.RetryAfter, out var field) &&
        Utf8Parser.TryParse(field.Value(section), out int seconds, out var used) && used == field.ValueLength && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;

    /// <summary>Writes fields of a section beside the final head, which says nothing of how that one's body is framed.</summary>
    public static void WriteFields(PipeWriter output, FieldList fields, ReadOnlySpan<byte> section)
    {
        foreach (ref readonly var field in fields.All)
        {
            if (field.EndToEnd && field.Known is not (KnownField.ContentLength or KnownField.Trailer))
            {
                output.Write(field.Name(section));
                output.Write(": "u8);
                output.Write(field.Value(section));
                output.Write("\r\n"u8);
            }
        }
    }
}
