
namespace Gateway.Tests.Conformance;

/// <summary>Fields of requests as passed to backends (RFC 9110 5.3 and 7.6.1).</summary>
public sealed class RequestFieldTests
{
    [Theory]
    [InlineData("Connection: keep-alive", "Connection")]
    [InlineData("Keep-Alive: timeout=5", "Keep-Alive")]
    [InlineData("Proxy-Connection: keep-alive", "Proxy-Connection")]
    [InlineData("TE: gzip", "TE")]
    [InlineData("Upgrade: h2c", "Upgrade")]
    [InlineData("HTTP2-Settings: AAMAAABkAARAAAAA", "HTTP2-Settings")]
    [InlineData("Connection: X-Named\r\nX-Named: 1", "X-Named")]
    [InlineData("CONNECTION: x-named\r\nX-NAMED: 1", "X-Named")]
    [InlineData("Connection: close ,\t x-nAMED ,, other\r\nX-Named: 1\r\nx-named: 2", "X-Named")]
    [InlineData("Connection: keep-alive\r\nConnection: X-Other\r\nConnection: X-Named\r\nX-Named: 1", "X-Named")]
    public async Task A_field_for_this_connection_alone_is_dropped(string lines, string dropped)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\nX-Kept: 1\r\n\r\n");
        Assert.Empty(seen.Head.Values(dropped));
        Assert.Equal("1", seen.Head.Value("X-Kept"));
    }

    [Theory]
    [InlineData("TE: trailers")]
    [InlineData("TE: gzip;q=0.5, Trailers")]
    [InlineData("TE: gzip\r\nTE: trailers")]
    [InlineData("Connection: TE\r\nTE: trailers")]
    public async Task Of_TE_only_trailers_passes(string lines)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n");
        Assert.Equal("trailers", seen.Head.Value("TE"));
        Assert.Equal("TE", seen.Head.Value("Connection"));
    }

    [Fact]
    public async Task An_upgrade_to_h2c_is_not_asked_for()
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n\r\n");
        Assert.DoesNotContain(seen.Head.Lines, line => line.Contains("h2c", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(seen.Head.Values("Upgrade"));
        Assert.Empty(seen.Head.Values("Connection"));
        Assert.Empty(seen.Head.Values("HTTP2-Settings"));
    }

    [Fact]
    public async Task A_length_that_Connection_names_still_frames_the_body()
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: Content-Length\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal("hello", seen.BodyText);
        Assert.True(seen.BodyWhole);
    }

    [Theory]
    [InlineData("X-Foo", ", ")]
    [InlineData("Accept", ", ")]
    [InlineData("Cookie", "; ")]
    public async Task Fields_of_one_name_keep_their_order(string name, string separator)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync(
            $"GET / HTTP/1.1\r\nHost: x\r\n{name}: c=3\r\nX-Between: 1\r\n{name}: a=1\r\n{name}: b=2\r\n\r\n");
        Assert.Equal(["c=3", "a=1", "b=2"], seen.Head.Values(name).SelectMany(value => value.Split(separator)));
    }

    [Fact]
    public async Task Every_byte_of_a_value_survives()
    {
        var bytes = string.Concat(Enumerable.Range(0x80, 0x80).Select(b => (char)b));
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync(
            $"GET / HTTP/1.1\r\nHost: x\r\nX-Latin: <{bytes}>\r\nX-Visible: !\"#$%&'()*+,-./:;<=>?@[\\]^_`{{|}}~\tz\r\n\r\n");
        Assert.Contains($"X-Latin: <{bytes}>", seen.Head.Lines);
        Assert.Contains("X-Visible: !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\tz", seen.Head.Lines);
    }

    [Theory]
    [InlineData("X-Empty")]
    [InlineData("Accept")]
    [InlineData("User-Agent")]
    [InlineData("Content-Type")]
    public async Task An_empty_value_stays_one(string name)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{name}:\r\n\r\n");
        Assert.Equal("", seen.Head.Value(name));
    }

    [Theory]
    [InlineData("Accept: text/html;q=broken;;,,")]
    [InlineData("User-Agent: (((not a product")]
    [InlineData("Date: yesterday")]
    [InlineData("If-None-Match: unquoted")]
    [InlineData("Authorization: Basic")]
    [InlineData("Range: lines=1-2")]
    [InlineData("Content-Type: nonsense")]
    [InlineData("Set-Cookie: of=a-request")]
    [InlineData("Expires: 0")]
    [InlineData("Trailer: X-Sum")]
    [InlineData("Priority: u=1, i")]
    [InlineData("X_Under: score")]
    public async Task A_field_that_means_nothing_to_the_gateway_passes_as_it_is(string line)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n");
        Assert.Contains(line, seen.Head.Lines);
    }

    [Fact]
    public async Task Nothing_is_added_but_what_gateways_add()
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Mine: 1\r\n\r\n");
        var names = seen.Head.Lines.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal);

        Assert.Equal(["Forwarded", "Host", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Mine"], names);
    }
}
