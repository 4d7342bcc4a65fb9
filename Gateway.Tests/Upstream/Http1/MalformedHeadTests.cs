using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>One golden for each way a head can be wrong, each with nothing else wrong in it.</summary>
public sealed class MalformedHeadTests
{
    public static TheoryData<string, string> StatusLines => new()
    {
        { "HTTP/2 200 OK", nameof(CodecFault.BadVersion) },
        { "HTTP/2.0 200 OK", nameof(CodecFault.BadVersion) },
        { "HTTP/1. 200 OK", nameof(CodecFault.BadVersion) },
        { "http/1.1 200 OK", nameof(CodecFault.BadVersion) },
        { "ICY 200 OK", nameof(CodecFault.BadVersion) },
        { " HTTP/1.1 200 OK", nameof(CodecFault.BadVersion) },
        { "", nameof(CodecFault.BadVersion) },
        { "HTTP/1.", nameof(CodecFault.BadVersion) },
        { "HTTP/1.1", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.10 200 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1  200 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1\t200 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 20 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 2000 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 200\tOK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 099 Low", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 2a0 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 -20 OK", nameof(CodecFault.BadStatusLine) },
        { "HTTP/1.1 200 O\0K", nameof(CodecFault.Nul) },
        { "HTTP/1.1 200 O\rK", nameof(CodecFault.BareCarriageReturn) },
        { "HTTP/1.1 200 O\u0001K", nameof(CodecFault.ControlByte) },
    };

    public static TheoryData<string, string> Fields => new()
    {
        { "X: a\n", nameof(CodecFault.BareLineFeed) },
        { "X: a\nY: b", nameof(CodecFault.BareLineFeed) },
        { "X: a\rY: b", nameof(CodecFault.BareCarriageReturn) },
        { "X: a\r", nameof(CodecFault.BareCarriageReturn) },
        { "\rX: a", nameof(CodecFault.BareCarriageReturn) },
        { "X: a\0b", nameof(CodecFault.Nul) },
        { "X\0: a", nameof(CodecFault.Nul) },
        { "X: a\u0007b", nameof(CodecFault.ControlByte) },
        { "X: a\u007fb", nameof(CodecFault.ControlByte) },
        { " X: a", nameof(CodecFault.FoldedLine) },
        { "X: a\r\n b", nameof(CodecFault.FoldedLine) },
        { "X: a\r\n\tb", nameof(CodecFault.FoldedLine) },
        { "X: a\r\n ", nameof(CodecFault.FoldedLine) },
        { "X : a", nameof(CodecFault.SpaceBeforeColon) },
        { "X\t: a", nameof(CodecFault.SpaceBeforeColon) },
        { "Content-Length : 5", nameof(CodecFault.SpaceBeforeColon) },
        { "X Y: a", nameof(CodecFault.SpaceBeforeColon) },
        { "X", nameof(CodecFault.MissingColon) },
        { $"Connection: {new string(',', 64)}", nameof(CodecFault.TooManyOptions) },
        { string.Join("\r\n", Enumerable.Repeat("Connection: close", 65)), nameof(CodecFault.TooManyOptions) },
        { ": a", nameof(CodecFault.BadFieldName) },
        { "X(: a", nameof(CodecFault.BadFieldName) },
        { "X\u00e9: a", nameof(CodecFault.BadFieldName) },
        { "\"X\": a", nameof(CodecFault.BadFieldName) },
        { "Content-Length: ", nameof(CodecFault.BadContentLength) },
        { "Content-Length: +5", nameof(CodecFault.BadContentLength) },
        { "Content-Length: -5", nameof(CodecFault.BadContentLength) },
        { "Content-Length: 0x5", nameof(CodecFault.BadContentLength) },
        { "Content-Length: 5 5", nameof(CodecFault.BadContentLength) },
        { "Content-Length: 5,", nameof(CodecFault.BadContentLength) },
        { "Content-Length: 9223372036854775808", nameof(CodecFault.BadContentLength) },
        { "Content-Length: 18446744073709551621", nameof(CodecFault.BadContentLength) },
        { "Content-Length: 5, 6", nameof(CodecFault.DifferingContentLengths) },
        { "Content-Length: 5\r\ncontent-length: 6", nameof(CodecFault.DifferingContentLengths) },
        { "Content-Length: 5\r\nTransfer-Encoding: chunked", nameof(CodecFault.LengthWithCoding) },
        { "Transfer-Encoding: chunked\r\nContent-Length: 0", nameof(CodecFault.LengthWithCoding) },
        { "Transfer-Encoding: ", nameof(CodecFault.UnknownCoding) },
        { "Transfer-Encoding: identity", nameof(CodecFault.UnknownCoding) },
        { "Transfer-Encoding: gzip, chunked", nameof(CodecFault.UnknownCoding) },
        { "Transfer-Encoding: chunked, gzip", nameof(CodecFault.UnknownCoding) },
        { "Transfer-Encoding: chunked, chunked", nameof(CodecFault.UnknownCoding) },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", nameof(CodecFault.UnknownCoding) },
        { "Transfer-Encoding: \u000bchunked", nameof(CodecFault.ControlByte) },
        { "Transfer-Encoding: xchunked", nameof(CodecFault.UnknownCoding) },
    };

    [Theory]
    [MemberData(nameof(StatusLines))]
    public void A_bad_status_line_is_refused(string line, string fault) => Refuses($"{line}\r\nX: y\r\n\r\n", fault);

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_bad_field_is_refused_first_last_and_in_the_middle(string field, string fault)
    {
        Refuses($"HTTP/1.1 200 OK\r\n{field}\r\n\r\n", fault);
        Refuses($"HTTP/1.1 200 OK\r\nA: b\r\n{field}\r\n\r\n", fault);
        Refuses($"HTTP/1.1 200 OK\r\nA: b\r\n{field}\r\nC: d\r\n\r\n", fault);
    }

    [Fact]
    public void A_coding_in_an_answer_of_HTTP_1_0_is_refused() =>
        Refuses("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", nameof(CodecFault.CodingInHttp10));

    [Fact]
    public void Line_feeds_alone_end_no_line() => Refuses("HTTP/1.1 200 OK\nX: y\n\n", nameof(CodecFault.BareLineFeed));

    private static void Refuses(string head, string fault) =>
        Assert.Equal(HeadResult.Malformed(Enum.Parse<CodecFault>(fault)), ParsedHead.Of(head).Result);
}
