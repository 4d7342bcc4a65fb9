using System.Globalization;
using System.Text;
using CsCheck;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>Well-formed answers, each of their freedoms used; every character is one byte.</summary>
internal static class Generated
{
    /// <summary>A name with a prefix that no rule speaks of.</summary>
    public static readonly Gen<string> Name =
        Gen.Char["!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"].Array[0, 20].Select(c => "q" + new string(c));

    /// <summary>Anything a value may contain, and no white space at either end.</summary>
    public static readonly Gen<string> Value =
        Gen.Frequency((8, Gen.Char[' ', '~']), (1, Gen.Char['\u0080', '\u00ff']), (1, Gen.Const('\t'))).Array[0, 40]
            .Select(c => new string(c).Trim(' ', '\t'));

    public static readonly Gen<string> Blank = Gen.Char[" \t"].Array[0, 2].Select(c => new string(c));

    public static readonly Gen<(string Name, string Value)> Field = Gen.Select(
        Gen.Frequency(
            (3, Name), (1, Gen.OneOf("Server", "date", "ETAG", "Set-Cookie", "X-Request-Id", "Vary", "Content-Type", "Location"))),
        Value);

    public static readonly Gen<(int Status, int Minor, string Reason)> Line =
        Gen.Select(Gen.Int[200, 599].Where(status => status is not (204 or 205 or 304)), Gen.Int[0, 1], Value);

    public static readonly Gen<byte[]> Payload = Gen.Byte.Array[0, 60];

    /// <summary>How a payload is cut into chunks, and how their sizes are written.</summary>
    public static readonly Gen<string> Chunked =
        Gen.Select(Payload, Gen.Int[1, 30].Array[1, 5], Gen.OneOf("x", "X", "x4"), Gen.OneOf("", ";a", ";a=b; c=\"d\"", " \t;x"), Field.Array[0, 3])
            .Select((payload, sizes, format, extension, trailers) => Chunk(Latin1(payload), sizes, format, extension, trailers));

    /// <summary>The bytes of an answer, with or without interim ones before it.</summary>
    public static readonly Gen<string> Answer = Gen.Select(
        Gen.OneOf("", "", "", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 102 \r\n\r\n"),
        Line,
        Gen.Select(Field, Blank, Blank).Array[0, 6],
        Gen.OneOf(
            Payload.Select(p => ($"Content-Length: {p.Length}\r\n", Latin1(p))),
            Payload.Select(p => ("", Latin1(p))),
            Chunked.Select(c => ("Transfer-Encoding: chunked\r\n", c))),
        (interim, line, fields, body) =>
        {
            var minor = body.Item1.StartsWith('T') ? 1 : line.Minor;
            var lines = fields.Select(each => $"{each.Item1.Name}:{each.Item2}{each.Item1.Value}{each.Item3}\r\n");
            return string.Concat([interim, $"HTTP/1.{minor} {line.Status} {line.Reason}\r\n", .. lines, body.Item1, "\r\n", body.Item2]);
        });

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    public static string Chunk(string payload, int[] sizes, string format, string extension, (string Name, string Value)[] trailers)
    {
        var body = new StringBuilder();
        for (var (at, n) = (0, 0); at < payload.Length; n++)
        {
            var size = Math.Min(sizes[n % sizes.Length], payload.Length - at);
            body.Append(size.ToString(format, CultureInfo.InvariantCulture)).Append(extension).Append("\r\n");
            body.Append(payload, at, size).Append("\r\n");
            at += size;
        }

        body.Append('0').Append(extension).Append("\r\n");
        foreach (var (name, value) in trailers)
        {
            body.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return body.Append("\r\n").ToString();
    }
}
