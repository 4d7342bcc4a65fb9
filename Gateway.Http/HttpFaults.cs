using System.Text.Json;

namespace Gateway.Http;

/// <summary>The answers to faulty requests.</summary>
public static class HttpFaults
{
    private static readonly string[] Names = [.. Enum.GetNames<HttpFault>().Select(name => JsonNamingPolicy.KebabCaseLower.ConvertName(name))];

    /// <summary>Returns the status of the answer.</summary>
    public static int StatusOf(HttpFault fault) => fault switch
    {
        HttpFault.BadVersion => 505,
        HttpFault.TargetTooLong => 414,
        HttpFault.TooManyFields or HttpFault.HeadTooLarge or HttpFault.TrailersTooLarge => 431,
        HttpFault.UnknownCoding => 501,
        _ => 400,
    };

    /// <summary>Whether it can occur in a request; the others occur in answers only.</summary>
    public static bool IsOfRequests(HttpFault fault) =>
        fault is not (HttpFault.None or HttpFault.BadStatusLine or HttpFault.DifferingContentLengths or HttpFault.TooMuchInterim or HttpFault.BodyNotAllowed);

    /// <summary>Returns the name in metrics: the name in the code, in lower case with hyphens.</summary>
    public static string NameOf(HttpFault fault) => Names[(int)fault];

    /// <summary>Returns a one-line description.</summary>
    public static string TextOf(HttpFault fault) => fault switch
    {
        HttpFault.None => "",
        HttpFault.BadRequestLine => "the request line is not valid",
        HttpFault.BadVersion => "the HTTP version is not supported",
        HttpFault.BadStatusLine => "the status line is not valid",
        HttpFault.ControlByte => "the head contains a control character or a bare line end",
        HttpFault.FoldedLine => "a field line begins with white space",
        HttpFault.MissingColon => "a field line has no colon",
        HttpFault.SpaceBeforeColon => "a field name is followed by white space before the colon",
        HttpFault.BadFieldName => "a field name is not valid",
        HttpFault.TooManyFields => "too many fields",
        HttpFault.TooManyOptions => "too many Connection options",
        HttpFault.HeadTooLarge => "the head is too large",
        HttpFault.TargetTooLong => "the request target is too long",
        HttpFault.BadHost => "the Host field is missing, repeated or not valid",
        HttpFault.BadContentLength => "the Content-Length is not valid",
        HttpFault.DifferingContentLengths => "the Content-Length fields differ",
        HttpFault.LengthWithCoding => "Transfer-Encoding and Content-Length must not be combined",
        HttpFault.UnknownCoding => "the only supported transfer coding is chunked",
        HttpFault.CodingInHttp10 => "HTTP/1.0 does not allow Transfer-Encoding",
        HttpFault.BadChunkSize => "a chunk size is not valid",
        HttpFault.ChunkExtensionTooLong => "a chunk extension is too long",
        HttpFault.BadChunkEnd => "a chunk does not match its size",
        HttpFault.BadTrailer => "a trailer field is not valid",
        HttpFault.TrailersTooLarge => "the trailer section is too large",
        HttpFault.TooMuchInterim => "too many interim answers",
        HttpFault.BodyNotAllowed => "a body is not allowed here",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
