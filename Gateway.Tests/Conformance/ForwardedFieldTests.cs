using System.Net;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>The fields that describe forwarding: Via, X-Forwarded-*, Forwarded, Max-Forwards.</summary>
public sealed class ForwardedFieldTests
{
    private const string Claims =
        "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\n" +
        "Forwarded: for=192.0.2.1;proto=https\r\n";

    [Fact]
    public async Task The_backend_gets_the_address_of_the_client()
    {
        await using var passage = await Passage.StartAsync();
        var head = (await passage.SendAsync("GET / HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n")).Head;
        Assert.Equal("127.0.0.1", head.Value("X-Forwarded-For"));
        Assert.Equal(passage.Scheme, head.Value("X-Forwarded-Proto"));
        Assert.Equal("shop.example:8080", head.Value("X-Forwarded-Host"));
        Assert.Equal($"for=127.0.0.1;proto={passage.Scheme};host=\"shop.example:8080\"", head.Value("Forwarded"));
    }

    [Fact]
    public async Task Claims_of_an_unknown_peer_are_replaced()
    {
        await using var passage = await Passage.StartAsync();
        var head = (await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{Claims}\r\n")).Head;
        Assert.Equal("127.0.0.1", head.Value("X-Forwarded-For"));
        Assert.Equal(passage.Scheme, head.Value("X-Forwarded-Proto"));
        Assert.Equal("x", head.Value("X-Forwarded-Host"));
        Assert.Equal($"for=127.0.0.1;proto={passage.Scheme};host=x", head.Value("Forwarded"));
    }

    [Fact]
    public async Task Claims_of_an_unknown_peer_are_dropped_if_nothing_replaces_them()
    {
        await using var passage = await Passage.StartAsync();
        var head = (await passage.SendAsync($"GET / HTTP/1.0\r\n{Claims}\r\n")).Head;
        Assert.Empty(head.Values("X-Forwarded-Host"));
        Assert.Equal($"for=127.0.0.1;proto={passage.Scheme}", head.Value("Forwarded"));
    }

    [Fact]
    public async Task Fields_of_a_trusted_proxy_are_appended_to()
    {
        await using var passage = await Passage.StartAsync(settings: TrustLoopback);
        var head = (await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{Claims}\r\n")).Head;
        Assert.Equal(["192.0.2.1", "192.0.2.2", "127.0.0.1"], List(head, "X-Forwarded-For"));
        Assert.Equal("https", head.Value("X-Forwarded-Proto"));
        Assert.Equal("shop.example", head.Value("X-Forwarded-Host"));
        Assert.Equal(["for=192.0.2.1;proto=https", $"for=127.0.0.1;proto={passage.Scheme};host=x"], List(head, "Forwarded"));
    }

    [Fact]
    public async Task The_backend_gets_the_address_of_a_trusted_proxy_that_forwards_none()
    {
        await using var passage = await Passage.StartAsync(settings: TrustLoopback);
        var head = (await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For:\r\n\r\n")).Head;
        Assert.Equal("127.0.0.1", head.Value("X-Forwarded-For"));
        Assert.Equal(passage.Scheme, head.Value("X-Forwarded-Proto"));
        Assert.Equal("x", head.Value("X-Forwarded-Host"));
        Assert.Equal($"for=127.0.0.1;proto={passage.Scheme};host=x", head.Value("Forwarded"));
    }

    [Fact]
    public async Task Fields_that_Connection_names_are_set_all_the_same()
    {
        await using var passage = await Passage.StartAsync();
        var head = (await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: X-Forwarded-For, Forwarded, Via, Host\r\n\r\n")).Head;
        Assert.Equal("127.0.0.1", head.Value("X-Forwarded-For"));
        Assert.Equal($"for=127.0.0.1;proto={passage.Scheme};host=x", head.Value("Forwarded"));
        Assert.Equal("1.1 test", head.Value("Via"));
        Assert.Equal("x", head.Value("Host"));
    }

    [Theory]
    [InlineData("1.1", "", "1.1 test")]
    [InlineData("1.0", "", "1.0 test")]
    [InlineData("1.1", "Via: 1.0 fred\r\n", "1.0 fred, 1.1 test")]
    [InlineData("1.1", "Via: 1.0 fred\r\nVia: 2 p.example (note)\r\n", "1.0 fred, 2 p.example (note), 1.1 test")]
    public async Task Via_is_appended_to_a_request(string version, string before, string via)
    {
        await using var passage = await Passage.StartAsync();
        var head = (await passage.SendAsync($"GET / HTTP/{version}\r\nHost: x\r\n{before}\r\n")).Head;
        Assert.Equal(via, string.Join(", ", head.Values("Via")));
    }

    [Theory]
    [InlineData("1.1", "1.1", "", "1.1 test")]
    [InlineData("1.0", "1.1", "", "1.1 test")]
    [InlineData("1.1", "1.0", "", "1.0 test")]
    [InlineData("1.1", "1.1", "Via: 1.0 fred\r\nVia: 2 p.example\r\n", "1.0 fred, 2 p.example, 1.1 test")]
    public async Task Via_is_appended_to_an_answer_with_the_version_that_the_backend_spoke(
        string client, string backend, string before, string via)
    {
        await using var passage = await Passage.AnsweringAsync($"HTTP/{backend} 200 OK\r\n{before}Content-Length: 2\r\n\r\nok");
        var answer = await passage.AskAsync($"GET / HTTP/{client}\r\nHost: x\r\n\r\n");
        Assert.Equal(via, string.Join(", ", answer.Head.Values("Via")));
    }

    [Theory]
    [InlineData("OPTIONS", "5", "4")]
    [InlineData("TRACE", "1", "0")]
    [InlineData("OPTIONS", "99999999999999999999", "2147483647")]
    [InlineData("GET", "5", "5")]
    [InlineData("GET", "0", "0")]
    public async Task Max_Forwards_counts_down_where_it_means_something(string method, string sent, string seen)
    {
        await using var passage = await Passage.StartAsync();
        var head = (await passage.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\nMax-Forwards: {sent}\r\n\r\n")).Head;
        Assert.Equal(seen, head.Value("Max-Forwards"));
    }

    [Theory]
    [InlineData("OPTIONS", "/", 200)]
    [InlineData("OPTIONS", "*", 200)]
    [InlineData("TRACE", "/", 405)]
    public async Task Max_Forwards_0_ends_here(string method, string target, int status)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AskAsync($"{method} {target} HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n");
        Assert.Equal(status, answer.Status);
        Assert.Equal("GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS", answer.Head.Value("Allow"));
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    private static GatewaySettings TrustLoopback(GatewaySettings settings) => settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] };

    private static IEnumerable<string> List(RawHead head, string name) => head.Values(name).SelectMany(value => value.Split(", "));
}
