using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class ResponseHeadTests
{
    private const string Ok = "HTTP/1.1 200 OK";

    [Theory]
    [InlineData(Ok, "Content-Length: 5", BodyKind.Length, 5)]
    [InlineData(Ok, "Content-Length: 0", BodyKind.None, 0)]
    [InlineData(Ok, "Transfer-Encoding: chunked", BodyKind.Chunked, 0)]
    [InlineData(Ok, "X: y", BodyKind.UntilClose, 0)]
    [InlineData("HTTP/1.0 200 OK", "Content-Length: 5", BodyKind.Length, 5)]
    [InlineData("HTTP/1.1 205 Reset", "Content-Length: 5", BodyKind.Length, 5)]
    [InlineData("HTTP/1.1 204 No", "Content-Length: 5", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 204 No", "Transfer-Encoding: chunked", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 304 Same", "Content-Length: 5", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 304 Same", "Transfer-Encoding: chunked", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 304 Same", "X: y", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 100 Go", "X: y", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 101 Switch", "X: y", BodyKind.None, 0)]
    [InlineData("HTTP/1.1 199 Hm", "Content-Length: 5", BodyKind.None, 0)]
    internal void The_end_of_a_body_is_found_by_status_and_fields(string line, string field, BodyKind kind, long bytes) =>
        Assert.Equal(new BodyFraming(kind, bytes), ParsedHead.Valid(line, field).Head.FramingOf(requestIsHead: false));

    [Theory]
    [InlineData("Content-Length: 5")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("X: y")]
    public void An_answer_to_HEAD_has_no_body_and_keeps_the_connection(string field)
    {
        var head = ParsedHead.With(field).Head;
        Assert.Equal(BodyFraming.None, head.FramingOf(requestIsHead: true));
        Assert.True(head.IsPersistent(requestIsHead: true));
    }

    [Theory]
    [InlineData(Ok, "Content-Length: 5", "X: y", true)]
    [InlineData(Ok, "Transfer-Encoding: chunked", "X: y", true)]
    [InlineData(Ok, "Content-Length: 5", "Connection: close", false)]
    [InlineData(Ok, "Content-Length: 5", "Connection: keep-alive, close", false)]
    [InlineData(Ok, "X: y", "Connection: keep-alive", false)]
    [InlineData("HTTP/1.0 200 OK", "Content-Length: 5", "X: y", false)]
    [InlineData("HTTP/1.0 200 OK", "Content-Length: 5", "Connection: keep-alive", true)]
    [InlineData("HTTP/1.0 200 OK", "X: y", "Connection: keep-alive", false)]
    [InlineData("HTTP/1.1 101 Switch", "Upgrade: x", "Connection: upgrade", false)]
    [InlineData("HTTP/1.1 204 No", "X: y", "X: y", true)]
    [InlineData("HTTP/1.1 204 No", "Content-Length: 0", "X: y", true)]
    [InlineData("HTTP/1.1 204 No", "Content-Length: 5", "X: y", false)]
    [InlineData("HTTP/1.1 204 No", "Transfer-Encoding: chunked", "X: y", false)]
    [InlineData("HTTP/1.1 304 Same", "Content-Length: 5", "X: y", true)]
    public void A_connection_goes_on_only_when_nobody_says_close_and_the_end_is_certain(string line, string one, string other, bool persistent) =>
        Assert.Equal(persistent, ParsedHead.Valid(line, one, other).Head.IsPersistent(requestIsHead: false));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(103, true)]
    [InlineData(199, true)]
    [InlineData(200, false)]
    [InlineData(999, false)]
    public void An_interim_answer_is_followed_by_another(int status, bool interim) =>
        Assert.Equal(interim, ParsedHead.Valid($"HTTP/1.1 {status} x").Head.IsInterim);
}
