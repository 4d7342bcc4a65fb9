using System.Text;
using CsCheck;
using Gateway.Http;

namespace Gateway.Tests.Http;

/// <summary>Random valid heads, and the results of parsers.</summary>
internal static class Heads
{
    private const string TokenBytes = "!#$%&'*+-.^_`|~09azAZ";

    private static readonly Gen<string> Token = Gen.Char[TokenBytes].Array[1, 12].Select(c => new string(c));

    private static readonly Gen<string> Value =
        Gen.Char["abcXYZ019 \t,;=\"()/:\u0080\u00ff"].Array[0, 24].Select(c => new string(c).Trim(' ', '\t'));

    private static readonly Gen<string> Blank = Gen.OneOf("", " ", "\t", "  ");

    private static readonly Gen<string> Ordinary = Gen.Select(Token, Blank, Value, Blank, (name, before, value, after) =>
        $"X-{name}:{before}{value}{after}\r\n");

    private static readonly Gen<string> Known = Gen.OneOf(
        "Connection: keep-alive\r\n", "connection: close, x-a\r\n", "Via: 1.0 a\r\n", "TE: trailers\r\n", "Date: today\r\n", "Upgrade: h2c\r\n",
        "Expect: 100-continue\r\n", "Max-Forwards: 3\r\n", "X-Forwarded-For: 10.0.0.1\r\n", "Proxy-Connection: keep-alive\r\n");

    private static readonly Gen<string[]> Fields = Gen.OneOf(Ordinary, Known).Array[0, 8];

    private static readonly Gen<string> Framing = Gen.OneOf("", "Content-Length: 12\r\n", "Transfer-Encoding: chunked\r\n", "content-length:0\r\n");

    private static readonly Gen<string> Host = Gen.OneOf("Host: a.example\r\n", "host:[::1]:80\r\n", "Host:\r\n", "HOST: 10.0.0.1:8080 \r\n");

    private static readonly Gen<string> Target = Gen.OneOf(
        Gen.Char["abc/?%20=&~*\u00ff"].Array[0, 30].Select(c => "/" + new string(c)), Gen.OneOf("*", "http://a.example/b", "a.example:443"));

    /// <summary>A valid HTTP/1.1 request head, possibly after an empty line.</summary>
    public static readonly Gen<byte[]> Request = Gen.Select(
        Gen.OneOf(Gen.OneOf("GET", "POST", "DELETE"), Token), Target, Host, Framing, Fields, Gen.OneOf("", "", "\r\n"),
        (method, target, host, framing, fields, before) => Bytes([$"{before}{method} {target} HTTP/1.1\r\n", .. fields, host, framing, "\r\n"]));

    /// <summary>A valid HTTP/1.1 response head.</summary>
    public static readonly Gen<byte[]> Response = Gen.Select(
        Gen.Int[100, 999].Where(s => s != 205), Gen.OneOf(Gen.Const(""), Value.Select(v => " " + v)),
        Gen.OneOf(Framing, Gen.OneOf("Content-Length: 7, 7\r\n", "Content-Length: 7\r\ncontent-length: 7\r\n")), Fields,
        (status, reason, framing, fields) => Bytes([$"HTTP/1.1 {status}{reason}\r\n", .. fields, framing, "\r\n"]));

    public static byte[] Bytes(params string[] parts) => Encoding.Latin1.GetBytes(string.Concat(parts));

    public static RequestHead RequestOf(string head, HttpLimits? limits = null)
    {
        var parsed = new RequestHead(limits ?? HttpLimits.Default);
        parsed.Parse(Bytes(head));
        return parsed;
    }

    public static ResponseHead ResponseOf(string head, HttpLimits? limits = null)
    {
        var parsed = new ResponseHead(limits ?? HttpLimits.Default);
        parsed.Parse(Bytes(head));
        return parsed;
    }

    /// <summary>Everything parsed from a request head.</summary>
    public static string Story(RequestHead head, ReadOnlySpan<byte> bytes) =>
        $"{head.Fault} {head.Method} {head.TargetStart}+{head.TargetLength} {head.IsHttp11} {head.IsPersistent} {head.Length} {Story(head.Fields, bytes)}";

    /// <summary>Everything parsed from a response head.</summary>
    public static string Story(ResponseHead head, ReadOnlySpan<byte> bytes) =>
        $"{head.Fault} {head.Status} {head.IsHttp11} {head.IsPersistent} {head.FieldsStart} {head.Length} {Story(head.Fields, bytes)}";

    private static string Story(FieldSection fields, ReadOnlySpan<byte> bytes)
    {
        var story = new StringBuilder(
            $"{fields.ContentLength} {fields.IsChunked} {fields.Hosts} {fields.IsLengthRepeated} {fields.Connection.Close} {fields.Connection.NamesFields}");
        foreach (var field in fields.All)
        {
            story.Append($"\n{(field.IsDropped ? "-" : "+")}{Encoding.Latin1.GetString(field.NameIn(bytes))}={Encoding.Latin1.GetString(field.ValueIn(bytes))}");
        }

        return story.ToString();
    }
}
