using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Fields of answers as passed to clients.</summary>
public sealed class AnswerFieldTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("Connection: keep-alive", "Connection")]
    [InlineData("Connection: close", "Connection")]
    [InlineData("Keep-Alive: timeout=5", "Keep-Alive")]
    [InlineData("Proxy-Connection: keep-alive", "Proxy-Connection")]
    [InlineData("TE: trailers", "TE")]
    [InlineData("Upgrade: h2c", "Upgrade")]
    [InlineData("Connection: X-Named\r\nX-Named: 1", "X-Named")]
    [InlineData("CONNECTION: x-named\r\nX-NAMED: 1", "X-Named")]
    [InlineData("Connection: close ,\t x-nAMED ,, other\r\nX-Named: 1\r\nx-named: 2", "X-Named")]
    [InlineData("Connection: keep-alive\r\nConnection: X-Other\r\nConnection: X-Named\r\nX-Named: 1", "X-Named")]
    [InlineData("Connection: Last-Modified\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT", "Last-Modified")]
    public async Task A_field_for_this_connection_alone_is_dropped(string lines, string dropped)
    {
        await using var passage = await Passage.AnsweringAsync($"HTTP/1.1 200 OK\r\n{lines}\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok");
        var answer = await passage.AskAsync(Get);
        Assert.Empty(answer.Head.Values(dropped));
        Assert.Equal("1", answer.Head.Value("X-Kept"));
        Assert.Equal("ok", answer.BodyText);
    }

    [Fact]
    public async Task A_length_that_Connection_names_still_frames_the_body()
    {
        await using var passage = await Passage.AnsweringAsync("HTTP/1.1 200 OK\r\nConnection: Content-Length\r\nContent-Length: 2\r\n\r\nok");
        var answer = await passage.AskAsync(Get);
        Assert.Equal("ok", answer.BodyText);
        Assert.Equal(RawFraming.ContentLength, answer.Body.Framing);
    }

    [Fact]
    public async Task A_backend_that_closes_does_not_close_the_client()
    {
        await using var passage = await Passage.StartAsync(RawScripts.Answer(200, "ok", "Connection: close"));
        await using var client = await passage.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync(Get);
            Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        }
    }

    [Theory]
    [InlineData("Set-Cookie")]
    [InlineData("X-Foo")]
    [InlineData("Link")]
    [InlineData("Vary")]
    public async Task Fields_of_one_name_stay_apart_and_keep_their_order(string name)
    {
        await using var passage = await Passage.StartAsync(
            RawScripts.Answer(200, "ok", $"{name}: c=3; Path=/, x", "X-Between: 1", $"{name}: a=1", $"{name}: b=2"));
        var answer = await passage.AskAsync(Get);
        Assert.Equal(["c=3; Path=/, x", "a=1", "b=2"], answer.Head.Values(name));
    }

    [Fact]
    public async Task Every_byte_of_a_value_survives()
    {
        var bytes = string.Concat(Enumerable.Range(0x80, 0x80).Select(b => (char)b));
        await using var passage = await Passage.StartAsync(
            RawScripts.Answer(200, "ok", $"X-Latin: <{bytes}>", $"Content-Disposition: attachment; filename={bytes}", "X-Tab: a\tb"));
        var answer = await passage.AskAsync(Get);
        Assert.Contains($"X-Latin: <{bytes}>", answer.Head.Lines);
        Assert.Contains($"Content-Disposition: attachment; filename={bytes}", answer.Head.Lines);
        Assert.Contains("X-Tab: a\tb", answer.Head.Lines);
    }

    [Theory]
    [InlineData("X-Empty")]
    [InlineData("Content-Type")]
    [InlineData("ETag")]
    [InlineData("Server")]
    public async Task An_empty_value_stays_one(string name)
    {
        await using var passage = await Passage.StartAsync(RawScripts.Answer(200, "ok", name + ":"));
        Assert.Equal("", (await passage.AskAsync(Get)).Head.Value(name));
    }

    [Theory]
    [InlineData("Server: ((( odd")]
    [InlineData("ETag: unquoted")]
    [InlineData("Date: yesterday")]
    [InlineData("Expires: 0")]
    [InlineData("Last-Modified: never")]
    [InlineData("Content-Type: nonsense")]
    [InlineData("Location: /%7Euser/../x")]
    [InlineData("WWW-Authenticate: Negotiate, NTLM")]
    [InlineData("Alt-Svc: h3=\":443\"")]
    [InlineData("X_Under: score")]
    public async Task A_field_that_means_nothing_to_the_gateway_passes_as_it_is(string line)
    {
        await using var passage = await Passage.StartAsync(RawScripts.Answer(200, "ok", line));
        Assert.Contains(line, (await passage.AskAsync(Get)).Head.Lines);
    }

    [Fact]
    public async Task Nothing_is_added_but_Via_and_a_missing_Date()
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AskAsync(Get);
        var names = answer.Head.Lines.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["Content-Length", "Date", "Via"], names);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(206)]
    [InlineData(299)]
    [InlineData(301)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(451)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(599)]
    [InlineData(600)]
    [InlineData(999)]
    public async Task A_status_of_the_backend_passes_with_its_body(int status)
    {
        await using var passage = await Passage.StartAsync(
            RawScripts.Answer(status, "its own"), pool => pool with { Retry = new() { Attempts = 0 } });
        var answer = await passage.AskAsync(Get);
        Assert.Equal((status, "its own"), (answer.Status, answer.BodyText));
        Assert.Empty(answer.Head.Values("Proxy-Status"));
    }
}
