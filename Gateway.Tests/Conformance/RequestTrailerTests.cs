using System.Net;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Fields after the body of a request (RFC 9110 6.5), to HTTP/1.1 backends.</summary>
public sealed class RequestTrailerTests
{
    private const string Post = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";

    [Fact]
    public async Task They_reach_the_backend_in_their_order_announced_or_not()
    {
        await using var passage = await Passage.StartAsync();

        var seen = await passage.SendAsync(Post + "\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nX-B:\u00e9 \r\nX-Sum: 8\r\n\r\n");

        Assert.Equal(("ok", true), (seen.BodyText, seen.BodyWhole));
        Assert.Equal(["X-Sum: 7", "X-B:\u00e9 ", "X-Sum: 8"], seen.Trailers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2\r\nok\r\n")]
    public async Task Those_that_come_byte_by_byte_arrive_once_and_the_next_request_is_served(string body)
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Post + "Trailer: X-A\r\n\r\n");
        foreach (var octet in body + "0\r\nX-A: 1\r\nHost: evil\r\nX-B: 2\r\n\r\n")
        {
            await client.SendAsync(octet.ToString());
        }

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);

        var seen = passage.Backend.Requests[0];
        Assert.Equal(["X-A: 1", "X-B: 2"], seen.Trailers);
        Assert.Equal("X-A", seen.Head.Value("Trailer"));
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal((0, 1), (passage.Backend.Requests[1].Connection, passage.Backend.Requests[1].NumberOnConnection));
    }

    [Theory]
    [InlineData("Content-Length: 0")]
    [InlineData("Content-Length: x")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Host: evil")]
    [InlineData("Connection: close")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("TE: trailers")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Trailer: X-A")]
    [InlineData("Expect: 100-continue")]
    [InlineData("Via: 1.1 evil")]
    [InlineData("X-Forwarded-For: 10.0.0.1")]
    [InlineData("Forwarded: for=10.0.0.1")]
    [InlineData("AUTHORIZATION: Basic x")]
    [InlineData("Cookie: a=b")]
    [InlineData("Content-Type: a/b")]
    [InlineData("If-Match: *")]
    [InlineData("Range: bytes=0-1")]
    [InlineData("x-named: 1")]
    [InlineData("X-Also-Named: 1")]
    public async Task Those_that_have_no_place_there_never_reach_the_backend(string trailer)
    {
        await using var passage = await Passage.StartAsync();

        var seen = await passage.SendAsync(
            $"{Post}Connection: X-Named\r\nConnection: keep-alive, x-also-named\r\n\r\n2\r\nok\r\n0\r\nX-A: 1\r\n{trailer}\r\nX-B: 2\r\n\r\n");

        Assert.Equal(("ok", true), (seen.BodyText, seen.BodyWhole));
        Assert.Equal(["X-A: 1", "X-B: 2"], seen.Trailers);
    }

    [Theory]
    [InlineData("no colon", 400, "bad-trailer")]
    [InlineData("X-A : 1", 400, "bad-trailer")]
    [InlineData(" X-A: 1", 400, "bad-trailer")]
    [InlineData("X-A: 1\r\n folded", 400, "bad-trailer")]
    [InlineData("X-A: 1\u0001", 400, "bad-trailer")]
    [InlineData("X-A: 1\nContent-Length: 5", 400, "bad-trailer")]
    [InlineData(": 1", 400, "bad-trailer")]
    [InlineData("101 fields", 431, "too-many-fields")]
    [InlineData("8 KiB", 431, "trailers-too-large")]
    public async Task With_malformed_or_too_many_fields_the_request_is_refused_and_the_bytes_after_it_are_not_a_request(string trailer, int status, string reason)
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        var section = trailer switch
        {
            "101 fields" => string.Concat(Enumerable.Repeat("X: 1\r\n", 101)),
            "8 KiB" => $"X: {new string('x', 8 * 1024)}\r\n",
            _ => trailer + "\r\n",
        };

        await client.SendAsync($"{Post}\r\n2\r\nok\r\n0\r\n{section}\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(status, (await client.ReadAnswerAsync()).Status);
        Assert.Empty(await client.ReadToEndAsync());
        Assert.DoesNotContain(passage.Backend.Requests, request => request.Target == "/smuggled" || request.BodyWhole);
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_malformed_total", ("reason", reason)));
    }

    [Fact]
    public async Task As_many_as_the_limit_of_fields_pass()
    {
        await using var passage = await Passage.StartAsync();

        var seen = await passage.SendAsync($"{Post}\r\n0\r\n{string.Concat(Enumerable.Repeat("X: 1\r\n", 100))}\r\n");

        Assert.Equal(100, seen.Trailers.Count);
    }

    [Theory]
    [InlineData("PUT", 2)]
    [InlineData("POST", 1)]
    public async Task A_body_that_is_sent_again_has_them_again(string method, int attempts)
    {
        await using var passage = await Passage.StartAsync(
            RawScripts.InTurn(RawScripts.Reset, RawScripts.Answer()), pool => pool with { Retry = new() { BudgetMinimum = 10 } });

        var answer = await passage.AskAsync($"{method} / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nHost: evil\r\n\r\n");

        Assert.Equal(attempts == 2 ? 200 : 502, answer.Status);
        Assert.Equal(attempts, passage.Backend.Requests.Count);
        Assert.All(passage.Backend.Requests, request => Assert.Equal(("ok", "X-Sum: 7"), (request.BodyText, Assert.Single(request.Trailers))));
    }

    [Fact]
    public async Task A_client_that_is_asked_for_its_body_can_end_it_with_them()
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await exchange.ReadBodyAsync();
            await exchange.AnswerAsync();
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Post + "Expect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", (await client.ReadHeadAsync()).StartLine);

        await client.SendAsync("2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(["X-Sum: 7"], passage.Backend.Requests[0].Trailers);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2")]
    public async Task Those_of_a_client_of_HTTP_2_reach_the_backend_but_for_what_has_no_place_there(string? length)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: own => own with { Http2Address = new(IPAddress.Loopback, 0) });
        await using var client = await RawHttp2Client.ConnectAsync(gateway.Http2Address);
        (string, string)[] announced = length is null ? [] : [("content-length", length), ("trailer", "x-sum")];

        await client.HeadersAsync(end: false, [(":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "x"), .. announced]);
        await client.DataAsync("ok");
        await client.HeadersAsync(end: true, ("x-sum", "7"), ("host", "evil"), ("content-type", "a/b"), ("x-sum", "8"));

        Assert.Equal("ok", await client.ReadToEndAsync());
        var seen = Assert.Single(backend.Requests);
        Assert.Equal(("ok", true), (seen.BodyText, seen.BodyWhole));
        Assert.Equal(["x-sum: 7", "x-sum: 8"], seen.Trailers);
    }

    [Fact]
    public async Task Without_any_a_body_of_HTTP_2_keeps_its_length()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: own => own with { Http2Address = new(IPAddress.Loopback, 0) });
        await using var client = await RawHttp2Client.ConnectAsync(gateway.Http2Address);

        await client.HeadersAsync(end: false, (":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "x"), ("content-length", "2"));
        await client.DataAsync("ok", end: true);

        Assert.Equal("ok", await client.ReadToEndAsync());
        Assert.Equal("2", Assert.Single(backend.Requests).Head.Value("Content-Length"));
    }
}
