using Gateway.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>Malformed requests (RFC 9113 8.1.1, 8.2, 8.3): the client gets an error on their stream, and no backend gets a complete request.</summary>
public sealed class MalformedRequestTests(SharedFrameServer shared) : IClassFixture<SharedFrameServer>
{
    private const string Path = "/malformed";

    /// <summary>Heads whose octets HTTP/1.1 refuses too: those are answered, and the others reset.</summary>
    private static readonly string[] Answered =
    [
        "a name with a space", "a line end in a value", "a line end in the path", "a space in the path", "a line end in the method", "NUL in a value", "white space about a value",
    ];

    public static TheoryData<string, string[]> Heads => new()
    {
        { "no method", [":scheme: http", $":path: {Path}", ":authority: x"] },
        { "no scheme", [":method: GET", $":path: {Path}", ":authority: x"] },
        { "no path", [":method: GET", ":scheme: http", ":authority: x"] },
        { "an empty path", [":method: GET", ":scheme: http", ":path: ", ":authority: x"] },
        { "a path without its slash", [":method: GET", ":scheme: http", ":path: malformed", ":authority: x"] },
        { "an asterisk for another method than OPTIONS", [":method: GET", ":scheme: http", ":path: *", ":authority: x"] },
        { "two methods", Of(":method: GET") },
        { "two schemes", Of(":scheme: http") },
        { "two paths", Of($":path: {Path}") },
        { "two authorities", Of(":authority: x") },
        { "another scheme than the connection's", [":method: GET", ":scheme: https", $":path: {Path}", ":authority: x"] },
        { "a pseudo-field behind a regular one", [":method: GET", ":scheme: http", "x-a: b", $":path: {Path}", ":authority: x"] },
        { "an unknown pseudo-field", [":method: GET", ":scheme: http", $":path: {Path}", ":authority: x", ":test: ok"] },
        { "a pseudo-field of answers", [":method: GET", ":scheme: http", $":path: {Path}", ":authority: x", ":status: 200"] },
        { "a protocol without CONNECT", [":method: GET", ":scheme: http", $":path: {Path}", ":authority: x", ":protocol: websocket"] },
        { "CONNECT with a path and no protocol", [":method: CONNECT", ":scheme: http", $":path: {Path}", ":authority: x"] },
        { "CONNECT without an authority", [":method: CONNECT"] },
        { "extended CONNECT without a scheme", [":method: CONNECT", $":path: {Path}", ":authority: x", ":protocol: websocket"] },
        { "extended CONNECT without a path", [":method: CONNECT", ":scheme: http", ":authority: x", ":protocol: websocket"] },
        { "extended CONNECT without an authority", [":method: CONNECT", ":scheme: http", $":path: {Path}", ":protocol: websocket"] },
        { "a name in capitals", Of("X-Test: ok") },
        { "a name with a space", Of("x test: ok") },
        { "an empty name", Of(": ok") },
        { "connection", Of("connection: keep-alive") },
        { "keep-alive", Of("keep-alive: timeout=5") },
        { "proxy-connection", Of("proxy-connection: keep-alive") },
        { "transfer-encoding", Of("transfer-encoding: chunked") },
        { "upgrade", Of("upgrade: websocket") },
        { "te with more than trailers", Of("te: trailers, deflate;q=0.5") },
        { "a line end in a value", Of("x-a: b\r\nx-b: c") },
        { "a line end in the path", [":method: GET", ":scheme: http", $":path: {Path} HTTP/1.1\r\nx: y", ":authority: x"] },
        { "a space in the path", [":method: GET", ":scheme: http", $":path: {Path} x", ":authority: x"] },
        { "a line end in the method", [":method: GET / HTTP/1.1\r\nx: y\r\n\r\nGET", ":scheme: http", $":path: {Path}", ":authority: x"] },
        { "NUL in a value", Of("x-a: b\0c") },
        { "white space about a value", Of("x-a:  b") },
        { "a Host that is not the authority", Of("host: y") },
        { "two Hosts", Of("host: x", "host: x") },
        { "no number for a length", Of("content-length: x") },
        { "a negative length", Of("content-length: -1") },
        { "two lengths", Of("content-length: 0", "content-length: 0") },
        { "a length and no body", Of("content-length: 3") },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task A_malformed_head_is_refused_on_its_stream_and_no_backend_hears_of_it_8_1_1(string what, string[] fields)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, true, [.. fields.Select(Split)]);

        await client.UntilAsync(() => client.Of(1).HasEnded || client.GoAway is not null);
        if (FrameServer.IsKestrel)
        {
            Assert.True(client.Of(1).HasEnded || client.GoAway is not null);
        }
        else
        {
            Assert.Equal(Answered.Contains(what) ? (400, null) : (0, Http2Error.ProtocolError), (client.Of(1).Status, client.Of(1).Reset));
        }

        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target.StartsWith(Path, StringComparison.Ordinal) || seen.Target is "*" or "");
        if (!FrameServer.IsKestrel)
        {
            await client.GetAsync(3);
            Assert.Equal(200, (await client.AnswerAsync(3)).Status); // The connection continues.
        }
    }

    [Theory]
    [InlineData("short", "5", new[] { "1234" })]
    [InlineData("long", "5", new[] { "123456" })]
    [InlineData("in-two", "5", new[] { "123", "456" })]
    [InlineData("none", "1", new[] { "" })]
    [InlineData("nothing-said", "0", new[] { "1" })]
    public async Task A_body_of_another_length_than_its_head_says_is_malformed_8_1_1(string what, string length, string[] data)
    {
        var path = $"/length-{what}";
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, false, [.. RequestFields.Head("POST", path), ("content-length", length)]);
        for (var i = 0; i < data.Length; i++)
        {
            await client.DataAsync(1, data[i], end: i == data.Length - 1);
        }

        await client.UntilAsync(() => client.Of(1).HasEnded || client.GoAway is not null);
        if (length != "0") // The backend may have answered that already: it was complete with its head.
        {
            Assert.Equal(Http2Error.ProtocolError, (await client.FaultAsync(1)).Error);
            Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == path && seen.BodyWhole);
        }

        Assert.All(shared.Server.Backend.Requests.Where(seen => seen.Target == path), seen => Assert.True(seen.BodyText.Length <= 5));
        Assert.InRange(shared.Server.Backend.Requests.Count(seen => seen.Target == path), 0, 1);
    }

    [OwnHttp2Theory]
    [InlineData("pseudo", ":path: /x")]
    [InlineData("capital", "X-A: b")]
    [InlineData("hop", "connection: close")]
    [InlineData("line", "x-a: b\r\nx-b: c")]
    [InlineData("empty", ": x")]
    public async Task Malformed_trailers_are_an_error_and_the_backend_gets_no_whole_request_8_1(string what, string trailer)
    {
        var path = $"/trailer-{what}";
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, false, RequestFields.Head("POST", path));
        await client.DataAsync(1, "body");
        await client.HeadersAsync(1, true, Split(trailer));

        await client.UntilAsync(() => client.Of(1).HasEnded || client.GoAway is not null);
        Assert.Equal(what == "line" ? (400, null) : (0, Http2Error.ProtocolError), (client.Of(1).Status, client.Of(1).Reset));
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == path && seen.BodyWhole);
    }

    [Fact]
    public async Task Trailers_behind_too_little_data_are_malformed_8_1_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, false, [.. RequestFields.Head("POST", "/little"), ("content-length", "5")]);
        await client.DataAsync(1, "1234");
        await client.HeadersAsync(1, true, ("x-trailer", "1"));

        Assert.Equal(Http2Error.ProtocolError, (await client.FaultAsync(1)).Error);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == "/little" && seen.BodyWhole);
    }

    [Fact]
    public async Task Trailers_beyond_what_a_head_may_have_do_not_reach_the_backend_in_part()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, false, RequestFields.Head("POST", "/many"));
        await client.DataAsync(1, "body");
        await client.HeadersAsync(1, true, [.. Enumerable.Range(0, 1_000).Select(i => ($"x{i}", ""))]);

        Assert.Equal(Http2Error.ProtocolError, (await client.FaultAsync(1)).Error);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == "/many" && seen.BodyWhole);
    }

    [Fact]
    public async Task A_head_of_more_fields_than_announced_is_refused_and_its_connection_goes_on_10_5_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, true, [.. RequestFields.Head("GET", "/large"), .. Enumerable.Range(0, 1_000).Select(i => ($"x{i}", ""))]);
        Assert.Equal(431, (await client.AnswerAsync(1)).Status);

        await client.GetAsync(3);
        Assert.Equal(200, (await client.AnswerAsync(3)).Status);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == "/large");
    }

    [Theory]
    [InlineData("trailers")]
    [InlineData("Trailers")]
    public async Task te_may_ask_for_trailers_8_2_2(string value)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, true, [.. RequestFields.Head(), ("te", value)]);

        Assert.Equal(200, (await client.AnswerAsync(1)).Status);
    }

    [Fact]
    public async Task Host_stands_for_an_authority_that_is_missing_8_3_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, true, (":method", "GET"), (":scheme", "http"), (":path", "/by-host"), ("host", "elsewhere"));

        Assert.Equal(200, (await client.AnswerAsync(1)).Status);
        Assert.Equal("elsewhere", Assert.Single(shared.Server.Backend.Requests, seen => seen.Target == "/by-host").Head.Value("Host"));
    }

    [Fact]
    public async Task CONNECT_to_elsewhere_is_not_served_and_its_connection_goes_on_8_5()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, true, (":method", "CONNECT"), (":authority", "elsewhere:443"));
        await client.UntilAsync(() => client.Of(1).HasEnded || client.GoAway is not null);
        Assert.True(FrameServer.IsKestrel ? client.Of(1).HasEnded : client.Of(1).Status == 501, $"{client.Of(1).Status} {client.GoAway}");

        await client.GetAsync(3);
        Assert.Equal(200, (await client.AnswerAsync(3)).Status);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Method == "CONNECT");
    }

    private static string[] Of(params string[] more) => [":method: GET", ":scheme: http", $":path: {Path}", ":authority: x", .. more];

    private static (string Name, string Value) Split(string field)
    {
        var colon = field.IndexOf(": ", 1 <= field.Length && field[0] == ':' && !field.StartsWith(": ", StringComparison.Ordinal) ? 1 : 0, StringComparison.Ordinal);
        return (field[..colon], field[(colon + 2)..]);
    }
}
