using System.Text;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>A chunked body decoded from text in one piece.</summary>
internal sealed class ChunkedBody
{
    private ChunkedBody(string text, CodecLimits limits)
    {
        var input = Encoding.Latin1.GetBytes(text);
        var fields = new FieldList(limits.MaxFields);
        var decoder = new ChunkedDecoder(limits, fields);
        var payload = new StringBuilder();
        do
        {
            var rest = input.AsSpan(Consumed);
            Last = decoder.Next(rest);
            Consumed += Last.Consumed;
            var range = rest.Slice(Last.Start, Last.Length).ToArray();
            if (Last.State == ChunkState.Payload)
            {
                payload.Append(Encoding.Latin1.GetString(range));
            }
            else if (Last.State == ChunkState.End)
            {
                Trailers = [.. fields.All.ToArray().Select(field => Line(field, range))];
            }
        }
        while (Last.State == ChunkState.Payload);
        Payload = payload.ToString();
    }

    public string Payload { get; }

    public int Consumed { get; }

    public ChunkStep Last { get; }

    /// <summary>Those that do not go on are in parentheses.</summary>
    public IReadOnlyList<string> Trailers { get; } = [];

    public static ChunkedBody Of(string text, CodecLimits? limits = null) => new(text, limits ?? CodecLimits.Default);

    private static string Line(HeadField field, byte[] section)
    {
        var line = $"{Encoding.Latin1.GetString(field.Name(section))}: {Encoding.Latin1.GetString(field.Value(section))}";
        return field.EndToEnd ? line : $"({line})";
    }
}
