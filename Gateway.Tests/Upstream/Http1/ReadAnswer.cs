using System.Text;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>One answer as a client understood it: interim ones skipped, the body to its end. Fields sorted by name, those of one name in order.</summary>
internal sealed record ReadAnswer(int Status, string Reason, string Fields, string Body, IReadOnlyList<string> Trailers)
{
    /// <summary>Whether a length is said twice, in a list or in two fields.</summary>
    public bool SaysLengthTwice =>
        Fields.Split('\n').Where(line => line.StartsWith("content-length: ", StringComparison.Ordinal)).Sum(line => line.Split(',').Length) > 1;

    /// <summary>Our own reading; null with the fault, or without one when the bytes ended too early.</summary>
    public static ReadAnswer? ByCodec(ReadOnlySpan<byte> stream, bool requestIsHead, out CodecFault fault)
    {
        var parser = new ResponseHeadParser(CodecLimits.Default);
        ReadOnlySpan<byte> section;
        do
        {
            var result = parser.Parse(stream);
            fault = result.Fault;
            if (result.State != HeadState.Done)
            {
                return null;
            }

            section = stream[..result.Consumed];
            stream = stream[result.Consumed..];
        }
        while (parser.Head.IsInterim);

        var head = parser.Head;
        var (kind, bytes) = head.FramingOf(requestIsHead);
        var trailers = new FieldList(CodecLimits.Default.MaxFields);
        var body = kind switch
        {
            BodyKind.None => "",
            BodyKind.UntilClose => Encoding.Latin1.GetString(stream),
            BodyKind.Length => stream.Length >= bytes ? Encoding.Latin1.GetString(stream[..(int)bytes]) : null,
            _ => Decode(ref stream, trailers, out fault),
        };
        return body is null ? null : new(
            head.Status,
            Encoding.Latin1.GetString(section.Slice(head.Reason.Start, head.Reason.Length)),
            Sorted(Lines(head.Fields, section)),
            body,
            Lines(trailers, stream));
    }

    /// <summary>.NET's reading; null when it refuses the answer.</summary>
    public static async Task<ReadAnswer?> ByDotNetAsync(HttpMessageInvoker client, byte[] stream, int step, bool requestIsHead)
    {
        using var request = new HttpRequestMessage(requestIsHead ? HttpMethod.Head : HttpMethod.Get, "http://backend.example/");
        request.Options.Set(DotNetClient.Answer, (stream, step));
        try
        {
            using var answer = await client.SendAsync(request, CancellationToken.None);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var fields = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated);
            return new(
                (int)answer.StatusCode,
                answer.ReasonPhrase ?? "",
                Sorted(fields.SelectMany(field => field.Value.Select(value => Line(field.Key, value)))),
                Encoding.Latin1.GetString(body),
                [.. answer.TrailingHeaders.NonValidated.SelectMany(field => field.Value.Select(value => Line(field.Key, value)))]);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static string? Decode(ref ReadOnlySpan<byte> stream, FieldList trailers, out CodecFault fault)
    {
        var decoder = new ChunkedDecoder(CodecLimits.Default, trailers);
        var body = new StringBuilder();
        while (true)
        {
            var step = decoder.Next(stream);
            fault = step.Fault;
            var range = stream.Slice(step.Start, step.Length);
            switch (step.State)
            {
                case ChunkState.Payload:
                    body.Append(Encoding.Latin1.GetString(range));
                    stream = stream[step.Consumed..];
                    break;
                case ChunkState.End:
                    stream = range;
                    return body.ToString();
                default:
                    return null;
            }
        }
    }

    private static List<string> Lines(FieldList fields, ReadOnlySpan<byte> section)
    {
        var lines = new List<string>();
        foreach (ref readonly var field in fields.All)
        {
            lines.Add(Line(Encoding.Latin1.GetString(field.Name(section)), Encoding.Latin1.GetString(field.Value(section))));
        }

        return lines;
    }

    private static string Line(string name, string value) => $"{name.ToLowerInvariant()}: {value}";

    private static string NameOf(string line) => line[..line.IndexOf(": ", StringComparison.Ordinal)];

    private static string Sorted(IEnumerable<string> lines) =>
        string.Join('\n', lines.SelectMany(Members).OrderBy(NameOf, StringComparer.Ordinal));

    /// <summary>What .NET's client has to look into it gives out as it understood it: lists taken apart, lengths without zeros in front.</summary>
    private static IEnumerable<string> Members(string line)
    {
        var name = NameOf(line);
        var value = line[(name.Length + 2)..];
        return name switch
        {
            "connection" or "transfer-encoding" =>
                value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(member => Line(name, member)),
            "content-length" => [Line(name, value.Length > 1 ? value[..^1].TrimStart('0') + value[^1] : value)],
            _ => [line],
        };
    }
}
