using System.Text;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>A head parsed from text in one piece (each character one byte), and what can be asked of it.</summary>
internal sealed class ParsedHead
{
    private readonly byte[] _bytes;

    private ParsedHead(string text, CodecLimits? limits)
    {
        _bytes = Encoding.Latin1.GetBytes(text);
        var parser = new ResponseHeadParser(limits ?? CodecLimits.Default);
        Result = parser.Parse(_bytes);
        Head = parser.Head;
    }

    public HeadResult Result { get; }

    public ResponseHead Head { get; }

    public string Reason => Encoding.Latin1.GetString(_bytes, Head.Reason.Start, Head.Reason.Length);

    public IEnumerable<string> Lines => Head.Fields.All.ToArray().Select(Line);

    public IEnumerable<string> EndToEnd => Head.Fields.All.ToArray().Where(each => each.EndToEnd).Select(Line);

    public static ParsedHead Of(string text, CodecLimits? limits = null) => new(text, limits);

    /// <summary>A complete head with these fields after <c>HTTP/1.1 200 OK</c>; it is well-formed, or the test fails.</summary>
    public static ParsedHead With(params string[] fields) => Valid("HTTP/1.1 200 OK", fields);

    public static ParsedHead Valid(string statusLine, params string[] fields)
    {
        var text = string.Concat([statusLine + "\r\n", .. fields.Select(field => field + "\r\n"), "\r\n"]);
        var parsed = Of(text);
        Assert.Equal(HeadResult.Done(text.Length), parsed.Result);
        return parsed;
    }

    private string Line(HeadField field) =>
        $"{Encoding.Latin1.GetString(field.Name(_bytes))}: {Encoding.Latin1.GetString(field.Value(_bytes))}";
}
