using System.Net;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>
/// HTTP/2 requests that could become two HTTP/1.1 requests, or one that the backend reads differently from the gateway. One request in is at most one out, or a
/// refusal, as the backend's input shows.
/// </summary>
public sealed class Http2SmugglingTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>Fields for which a request is refused, even if all others are valid. A field without a name replaces the default one.</summary>
    public static TheoryData<string, string> RefusedFields => new()
    {
        { "x-a", "1\r\nx-smuggled: 2" },
        { "x-a", "1\nx-smuggled: 2" },
        { "x-a", "1\r" },
        { "x-a", "1\0" },
        { "x-a", "\r\n\r\n" + Smuggled },
        { "x-a: 1\r\nx-smuggled", "2" },
        { "x-a\r\n\r\nx-smuggled", "2" },
        { "x a", "1" },
        { "x-a:", "1" },
        { "X-A", "1" },
        { "", "1" },
        { ":path", "/second" },
        { ":method", "POST" },
        { ":authority", "second" },
        { ":scheme", "http" },
        { ":unknown", "1" },
        { ":status", "200" },
        { "connection", "close" },
        { "connection", "x-a" },
        { "keep-alive", "timeout=5" },
        { "proxy-connection", "close" },
        { "upgrade", "websocket" },
        { "transfer-encoding", "chunked" },
        { "te", "gzip" },
        { "te", "trailers, deflate" },
        { "content-length", "+5" },
        { "content-length", "5, 5" },
        { "content-length", "0x5" },
        { "content-length", "-1" },
        { "content-length", "5" }, // The stream ends with the head.
    };

    /// <summary>Invalid pseudo-header fields.</summary>
    public static TheoryData<string, string> RefusedPseudoFields => new()
    {
        { ":path", "/a b" },
        { ":path", "/a HTTP/1.1\r\nX-Smuggled: 1\r\nX-A: " },
        { ":path", "/a\0" },
        { ":path", "" },
        { ":path", "a" },
        { ":method", "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\nGET" },
        { ":method", "GE T" },
        { ":method", "" },
        { ":authority", "x\r\nX-Smuggled: 1" },
        { ":authority", "x y" },
        { ":scheme", "http\r\nX-Smuggled: 1" },
    };

    [Theory]
    [MemberData(nameof(RefusedFields))]
    public async Task A_field_that_is_more_than_one_is_refused(string name, string value)
    {
        await using var passage = await StartAsync();

        var end = await passage.SendAsync(client => client.HeadersAsync(true, [.. Head(), (name, value)]));

        Assert.NotEqual("2xx", end);
        Assert.Empty(passage.Backend.Requests);
    }

    [Theory]
    [MemberData(nameof(RefusedPseudoFields))]
    public async Task A_request_line_of_which_a_part_is_more_than_that_is_refused(string name, string value)
    {
        await using var passage = await StartAsync();

        var end = await passage.SendAsync(client => client.HeadersAsync(true, [.. Head().Select(field => field.Name == name ? (name, value) : field)]));

        Assert.NotEqual("2xx", end);
        Assert.Empty(passage.Backend.Requests);
    }

    [Theory]
    [InlineData(":path")]
    [InlineData(":method")]
    [InlineData(":scheme")]
    public async Task A_request_without_a_part_of_its_line_is_refused(string name)
    {
        await using var passage = await StartAsync();

        var end = await passage.SendAsync(client => client.HeadersAsync(true, [.. Head().Where(field => field.Name != name)]));

        Assert.NotEqual("2xx", end);
        Assert.Empty(passage.Backend.Requests);
    }

    [Theory]
    [InlineData("3", "hello")]
    [InlineData("3", "abc" + Smuggled)]
    [InlineData("10", "hello")]
    [InlineData("0", Smuggled)]
    public async Task A_body_of_another_length_than_announced_is_never_a_whole_request(string length, string body)
    {
        await using var passage = await StartAsync(RawScripts.Hang); // A request of no length is whole with its head, and could be answered before its data comes.
        var end = await passage.SendAsync(async client =>
        {
            await client.HeadersAsync(false, [.. Head("POST"), ("content-length", length)]);
            await client.DataAsync(body, end: true);
        });

        Assert.NotEqual("2xx", end);
        Assert.All(passage.Backend.Requests, seen =>
        {
            Assert.Equal("/", seen.Target);
            Assert.True(length == "0" ? seen.Body.Length == 0 : !seen.BodyWhole);
        });
        Assert.InRange(passage.Backend.Requests.Count, 0, 1);
    }

    [Theory]
    [InlineData(Smuggled)]
    [InlineData("0\r\n\r\n" + Smuggled)]
    [InlineData("5\r\nhello\r\n0\r\n\r\n" + Smuggled)]
    public async Task A_body_that_looks_like_a_request_is_a_body(string body)
    {
        await using var passage = await StartAsync();

        Assert.Equal("2xx", await passage.SendAsync(async client =>
        {
            await client.HeadersAsync(false, Head("POST"));
            await client.DataAsync(body, end: true);
        }));

        var seen = Assert.Single(passage.Backend.Requests);
        Assert.Equal((body, "chunked", null), (seen.BodyText, seen.Head.Value("Transfer-Encoding"), seen.Head.Value("Content-Length")));
    }

    [Theory]
    [InlineData("x-a", "1\r\nx-smuggled: 2")]
    [InlineData("x-a: 1\r\nx-b", "2")]
    [InlineData(":path", "/smuggled")]
    [InlineData("X-A", "1")]
    [InlineData("transfer-encoding", "gzip")]
    [InlineData("connection", "x-a")]
    public async Task Trailers_that_are_malformed_end_the_request_and_not_its_body(string name, string value)
    {
        await using var passage = await StartAsync();

        var end = await passage.SendAsync(async client =>
        {
            await client.HeadersAsync(false, [.. Head("POST"), ("trailer", "x-a")]);
            await client.DataAsync("hello");
            await client.HeadersAsync(true, (name, value));
        });

        Assert.NotEqual("2xx", end);
        Assert.All(passage.Backend.Requests, seen => Assert.False(seen.BodyWhole));
    }

    [Theory]
    [InlineData("content-length", "1")]
    [InlineData("host", "y")]
    public async Task Trailers_that_frame_or_route_go_no_further(string name, string value)
    {
        await using var passage = await StartAsync();

        Assert.Equal("2xx", await passage.SendAsync(async client =>
        {
            await client.HeadersAsync(false, [.. Head("POST"), ("trailer", "x-a")]);
            await client.DataAsync("hello");
            await client.HeadersAsync(true, (name, value), ("x-a", "1"));
        }));

        var seen = Assert.Single(passage.Backend.Requests);
        Assert.DoesNotContain(seen.Trailers, line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_authority_is_the_host_and_another_Host_field_is_malformed_beside_it()
    {
        await using var passage = await StartAsync();

        Assert.Equal("2xx", await passage.SendAsync(client => client.HeadersAsync(true, [.. Head(), ("host", "X")])));
        Assert.Equal("reset", await passage.SendAsync(client => client.HeadersAsync(true, [.. Head(), ("host", "other")])));

        Assert.Equal(["x"], Assert.Single(passage.Backend.Requests).Head.Values("Host"));
    }

    [Fact]
    public async Task Te_trailers_and_cookies_pass_as_one_field_each()
    {
        await using var passage = await StartAsync();

        Assert.Equal("2xx", await passage.SendAsync(client => client.HeadersAsync(true, [.. Head(), ("te", "trailers"), ("cookie", "a=1"), ("cookie", "b=2")])));

        var head = Assert.Single(passage.Backend.Requests).Head;
        Assert.Equal(("trailers", "TE"), (head.Value("TE"), head.Value("Connection")));
        Assert.Equal("a=1; b=2", head.Value("Cookie"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_head_in_many_frames_is_one_head(int size)
    {
        await using var passage = await StartAsync();

        Assert.Equal("2xx", await passage.SendAsync(client => client.HeadersInPiecesAsync(true, size, [.. Head(), ("x-a", "one")])));

        var seen = Assert.Single(passage.Backend.Requests);
        Assert.Equal(("GET / HTTP/1.1", "one"), (seen.Head.StartLine, seen.Head.Value("X-A")));
    }

    [Fact]
    public async Task A_head_with_another_frame_in_its_middle_ends_the_connection()
    {
        await using var passage = await StartAsync();

        var end = await passage.SendAsync(async client =>
        {
            await client.HeadersInPiecesAsync(true, 7, Head(), isCut: true);
            await client.DataAsync("hello");
        });

        Assert.Equal("connection ended", end);
        Assert.Empty(passage.Backend.Requests);
    }

    [Fact]
    public async Task A_head_that_does_not_end_ends_the_connection()
    {
        await using var passage = await StartAsync();

        var end = await passage.SendAsync(client => client.HeadersInPiecesAsync(true, 16_000, [.. Head(), .. Enumerable.Range(0, 400).Select(i => ($"x-{i}", new string('a', 120)))]));

        Assert.NotEqual("2xx", end);
        Assert.Empty(passage.Backend.Requests);
    }

    private static (string Name, string Value)[] Head(string method = "GET") => [(":method", method), (":scheme", "http"), (":path", "/"), (":authority", "x")];

    private static async Task<Http2Passage> StartAsync(Func<RawExchange, Task>? script = null)
    {
        var backend = RawBackend.Start(script ?? RawScripts.Answer());
        return new(backend, await TestGateway.StartAsync([backend.Address], settings: own => own with { Http2Address = new(IPAddress.Loopback, 0) }));
    }

    /// <summary>A replica with an HTTP/1.1 backend behind it.</summary>
    private sealed record Http2Passage(RawBackend Backend, TestGateway Gateway) : IAsyncDisposable
    {
        /// <summary>Sends a possible request; returns how it ended.</summary>
        public async Task<string> SendAsync(Func<RawHttp2Client, Task> send)
        {
            await using var client = await RawHttp2Client.ConnectAsync(Gateway.Http2Address);
            try
            {
                await send(client);
                var status = "";
                while (true)
                {
                    var (type, flags, payload) = await client.ReadAnswerFrameAsync();
                    if (type is RawHttp2Client.GoAway or RawHttp2Client.Reset)
                    {
                        return status == "2xx" && type == RawHttp2Client.Reset ? status : type == RawHttp2Client.Reset ? "reset" : "connection ended";
                    }

                    status = status.Length == 0 ? StatusOf(payload) : status;
                    if ((flags & 1) != 0)
                    {
                        return status;
                    }
                }
            }
            catch (Exception end) when (end is IOException or EndOfStreamException)
            {
                return "connection ended";
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Backend.DisposeAsync();
        }

        /// <summary>The status in a block. Kestrel writes 200, 204 and 206 as one octet each, from the static table (RFC 7541 A).</summary>
        private static string StatusOf(byte[] block) => block[0] is 0x88 or 0x89 or 0x8a ? "2xx" : "refused";
    }
}
