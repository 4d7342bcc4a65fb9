namespace Gateway.Tests.Conformance;

/// <summary>
/// Requests that two readers could read differently: refused, the connection closed, nothing of them or after them forwarded. Each is followed at once by a
/// second request, which must never be served.
/// </summary>
public sealed class AmbiguousRequestTests
{
    private const string Chunks = "5\r\nhello\r\n0\r\n\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: x\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\n\r\n")]
    [InlineData("GET / HTTP/1.1\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\nX-B: 2\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\rX-B: 2\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: X-A\0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nConnection: X-A\rclose\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX\0A: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A\t: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n folded\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\tX-A: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n Host: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX A: 1\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1 \r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\r\nHost: x\r\n\r\n")]
    [InlineData("GET /\r\nHost: x\r\n\r\n")]
    [InlineData("G(T / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1x\r\nHost: x\r\n\r\n")]
    public async Task A_malformed_head_is_refused(string request) => await AssertMalformedAsync(400, request);

    [Theory]
    [InlineData("GET / HTTP/1.2\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\nHost: x\r\n\r\n")]
    [InlineData("GET / http/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET / HTTP/3.0\r\nHost: x\r\n\r\n")]
    public async Task A_version_not_spoken_is_refused(string request) => await AssertMalformedAsync(505, request);

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5")]
    [InlineData("Content-Length: 5, 5")]
    [InlineData("Content-Length: 5, 6")]
    [InlineData("Content-Length: -5")]
    [InlineData("Content-Length: +5")]
    [InlineData("Content-Length: 0x5")]
    [InlineData("Content-Length: 5 5")]
    [InlineData("Content-Length: five")]
    [InlineData("Content-Length: 5.0")]
    [InlineData("Content-Length:")]
    [InlineData("Content-Length: 9223372036854775808")]
    [InlineData("Content-Length: 18446744073709551621")]
    [InlineData("Content-Length: 000000000000000000000000000005")]
    public async Task A_length_that_is_not_one_number_is_refused(string lines) =>
        await AssertMalformedAsync(400, $"POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\nhello");

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0")]
    [InlineData("Transfer-Encoding: chunked\r\ncONTENT-lENGTH: 15")]
    public async Task A_length_beside_a_coding_is_refused(string lines) =>
        await AssertScreenedAsync(400, $"POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{Chunks}");

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/%68ealth")]
    public async Task It_is_refused_where_the_gateway_itself_answers_too(string target) => await AssertScreenedAsync(
        400, $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{Chunks}");

    [Theory]
    [InlineData("Transfer-Encoding: gzip, chunked")]
    [InlineData("Transfer-Encoding: chunked, chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked")]
    public async Task A_coding_other_than_chunked_is_refused(string lines) =>
        await AssertScreenedAsync(501, $"POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{Chunks}");

    [Theory]
    [InlineData("Transfer-Encoding: xchunked", 501)]
    [InlineData("Transfer-Encoding: chunked, gzip", 501)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 501)]
    [InlineData("Transfer-Encoding: identity", 501)]
    [InlineData("Transfer-Encoding: \"chunked\"", 501)]
    [InlineData("Transfer-Encoding: chunked;q=1", 501)]
    [InlineData("Transfer-Encoding: chunked\u00a0", 501)]
    [InlineData("Transfer-Encoding: \u000bchunked", 400)]
    [InlineData("Transfer-Encoding:", 501)]
    public async Task A_coding_that_does_not_end_in_chunked_is_refused(string lines, int status)
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{Chunks}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.Equal(status, answer.Status);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [InlineData("Transfer-Encoding:   chunked")]
    [InlineData("Transfer-Encoding:\tchunked \t")]
    [InlineData("transfer-encoding: CHUNKED")]
    public async Task Blanks_around_a_coding_and_its_case_do_not_matter(string line)
    {
        await using var passage = await Passage.StartAsync();
        Assert.Equal("hello", (await passage.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n{Chunks}")).BodyText);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("Transfer-Encoding: chunked\r\nConnection: keep-alive")]
    public async Task HTTP_1_0_has_no_codings(string lines) =>
        await AssertScreenedAsync(400, $"POST / HTTP/1.0\r\nHost: x\r\n{lines}\r\n\r\n{Chunks}");

    [Theory]
    [InlineData("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n")]
    [InlineData("CONNECT x:443 HTTP/1.0\r\n\r\n")]
    public async Task CONNECT_is_refused(string request) => await AssertScreenedAsync(501, request);

    [Theory]
    [InlineData("x\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nbad trailer\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\nX: 1\r\n\r\n")]
    public async Task A_body_with_bad_chunks_is_refused_and_never_looks_whole_to_the_backend(string chunks)
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(
            $"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.Equal(400, answer.Status);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.DoesNotContain(passage.Backend.Requests, request => request.BodyWhole || request.Target == "/smuggled");
    }

    [Fact]
    public async Task Each_refusal_of_the_server_is_counted()
    {
        await using var passage = await Passage.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await passage.AssertRefusedAsync(400, "GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n");
        }

        Assert.Equal(3, await passage.Gateway.MetricAsync("gateway_requests_malformed_total"));
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_request_total"));
    }

    private static async Task AssertMalformedAsync(int status, string request)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AssertRefusedAsync(status, request);
        Assert.Equal("close", answer.Head.Value("Connection"));
        ProblemShape.AssertProblem(answer, status, "http_request_error");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_malformed_total"));
    }

    private static async Task AssertScreenedAsync(int status, string request)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AssertRefusedAsync(status, request);
        Assert.Equal("close", answer.Head.Value("Connection"));
        ProblemShape.AssertProblem(answer, status, "http_request_error");
    }
}
