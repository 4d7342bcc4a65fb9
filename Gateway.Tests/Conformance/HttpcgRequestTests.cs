using System.Net;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>Ambiguous httpcg URLs: one request in is at most one out, and that one is what was routed.</summary>
public sealed class HttpcgRequestTests
{
    private const string Url = "X-Httpcg-Url: httpcg://app/shop.example/cart\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1", Url + Url, "the request has more than one X-Httpcg-Url field")]
    [InlineData("GET / HTTP/1.1", Url + "X-HTTPCG-URL: httpcg://gw/x/\r\n", "the request has more than one X-Httpcg-Url field")]
    [InlineData("GET /httpcg/app/shop.example/cart HTTP/1.1", Url, "the request has more than one httpcg URL")]
    [InlineData("GET httpcg://app/shop.example/cart HTTP/1.1", Url, "the request has more than one httpcg URL")]
    [InlineData("GET http://other.example/ HTTP/1.1", Url, "X-Httpcg-Url requires a path as the request target")]
    [InlineData("OPTIONS * HTTP/1.1", Url, "X-Httpcg-Url requires a path as the request target")]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url:\r\n", "it does not begin with httpcg://")]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: /httpcg/app/shop.example/\r\n", "it does not begin with httpcg://")]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: httpcg://app/a/, httpcg://gw/b/\r\n", "it contains a space")]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: httpcg://app/shop.example/a b\r\n", "it contains a space")]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: httpcg://app/shop.example/a\tHTTP/1.1\r\n", "it contains a space")]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: httpcg://app/shop.example/\u00e9\r\n", "it contains a space")]
    [InlineData("GET httpcg://app/shop.example/#x HTTP/1.1", "", "a request target must not have a fragment")]
    [InlineData("GET /httpcg/app/shop.example/#x HTTP/1.1", "", "a request target must not have a fragment")]
    [InlineData("GET httpcg://shop.example/cart HTTP/1.1", "", "its plane must be one of app, bpi, gw, wallet, m2m")]
    [InlineData("GET httpcg://app HTTP/1.1", "", "it has no authority")]
    [InlineData("GET httpcg://app//cart HTTP/1.1", "", "it has no authority")]
    [InlineData("GET httpcg:app/shop.example HTTP/1.1", "", "it does not begin with httpcg://")]
    [InlineData("GET httpcg://app:80/shop.example HTTP/1.1", "", "its plane must not have a port")]
    [InlineData("GET httpcg://app/me@shop.example/ HTTP/1.1", "", "it must not contain user information")]
    [InlineData("GET /httpcg HTTP/1.1", "", "it has no plane")]
    [InlineData("GET /httpcg/ HTTP/1.1", "", "it has no plane")]
    [InlineData("GET /httpcg?app/shop.example HTTP/1.1", "", "it has no plane")]
    [InlineData("GET /httpcg//app/shop.example/ HTTP/1.1", "", "it has no plane")]
    [InlineData("GET /httpcg/%61pp/shop.example/ HTTP/1.1", "", "its plane must be one of")]
    [InlineData("GET /httpcg/../admin HTTP/1.1", "", "its plane must be one of")]
    [InlineData("GET /httpcg/app HTTP/1.1", "", "it has no authority")]
    [InlineData("GET /httpcg/app//cart HTTP/1.1", "", "it has no authority")]
    [InlineData("GET /httpcg/app/%2e%2e/gw/shop.example/ HTTP/1.1", "", "its authority must be host or host:port")]
    [InlineData("GET /httpcg/app/../gw/shop.example/ HTTP/1.1", "", "its authority must be host or host:port")]
    [InlineData("GET /httpcg/app/shop.example%2fcart HTTP/1.1", "", "its authority must be host or host:port")]
    [InlineData("GET /httpcg/app/shop.example\\cart HTTP/1.1", "", "its authority must be host or host:port")]
    [InlineData("GET /httpcg/app/shop.example:99999/ HTTP/1.1", "", "the port of its authority must be a number from 1 to 65535")]
    [InlineData("GET /httpcg/app/shop.example/a\\..\\b HTTP/1.1", "", "its path contains a backslash")]
    [InlineData("GET /httpcg/app/shop.example/%00 HTTP/1.1", "", "it contains an encoded NUL")]
    [InlineData("GET /httpcg/app/shop.example/a/..%2fadmin HTTP/1.1", "", "the path contains a dot segment with an encoded slash")]
    [InlineData("GET /x/../httpcg/app/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    [InlineData("GET /./httpcg/app/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    [InlineData("GET //httpcg/app/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    [InlineData("GET /%68ttpcg/app/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    [InlineData("GET /httpcg%2Fapp/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    [InlineData("GET /httpcg;v=1/app/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    [InlineData("GET http://gw/httpcg/app/shop.example/ HTTP/1.1", "", "the path leads to /httpcg/ by dot segments")]
    public async Task It_is_refused_and_told_why(string line, string fields, string why)
    {
        await using var passage = await StartAsync();
        foreach (var address in (Uri[])[passage.Gateway.HttpcgAddress, passage.Gateway.Address])
        {
            var answer = await RawClient.AskAsync(address, $"{line}\r\nHost: gw\r\n{fields}\r\n");
            Assert.Equal((400, "application/problem+json"), (answer.Status, answer.Head.Value("Content-Type")));
            Assert.Contains(WhyAt(isOwn: address == passage.Gateway.HttpcgAddress, line, fields, why), answer.BodyText, StringComparison.Ordinal);
        }

        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [InlineData("GET /httpcg/app/shop.example/ HTTP/1.1", "X-Httpcg-Url : httpcg://gw/x/\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: httpcg://app/shop.example/\r\n /cart\r\n", 400)]
    [InlineData("GET / HTTP/1.1", "X-Httpcg-Url: httpcg://app/shop.example/\nX-A: b\r\n", 400)]
    [InlineData("CONNECT httpcg://app/shop.example/ HTTP/1.1", "", 501)]
    [InlineData("GET httpcg://app/shop.example/ HTTP/1.1", "Host: two\r\n", 400)]
    public async Task A_head_that_the_parser_refuses_is_not_routed(string line, string fields, int status)
    {
        await using var passage = await StartAsync();
        Assert.Equal(status, (await RawClient.AskAsync(passage.Gateway.HttpcgAddress, $"{line}\r\nHost: gw\r\n{fields}\r\n")).Status);
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Fact]
    public async Task A_url_of_16_KiB_passes_and_a_longer_one_is_414()
    {
        await using var passage = await StartAsync();
        var most = "httpcg://app/shop.example/";
        most += new string('a', (16 * 1024) - most.Length);
        Assert.Equal(200, (await passage.AskAsync($"GET / HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: {most}\r\n\r\n")).Status);
        Assert.Equal(most["httpcg://app/shop.example".Length..], Assert.Single(passage.Backend.Requests).Target);
        Assert.Equal(414, (await passage.AskAsync($"GET / HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: {most}a\r\n\r\n")).Status);
    }

    [Fact]
    public async Task A_fragment_stays_with_the_client_where_the_field_has_the_url()
    {
        await using var passage = await StartAsync();
        var seen = await passage.SendAsync("GET / HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: httpcg://app/shop.example/cart?x#top\r\n\r\n");
        Assert.Equal("/cart?x", seen.Target);
    }

    /// <summary>The authority decides what is served here, not the gateway's own host.</summary>
    [Fact]
    public async Task Hosts_that_are_not_served_are_not_reached_by_their_authority()
    {
        await using var passage = await StartAsync();
        await passage.Gateway.ReconfigureAsync(settings => settings with { Hosts = ["shop.example"] });
        Assert.Equal(200, (await passage.AskAsync("GET /httpcg/app/shop.example/ HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Equal(421, (await passage.AskAsync("GET /httpcg/app/inner.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")).Status);
    }

    [Fact]
    public async Task A_trailer_is_neither_a_url_nor_a_plane()
    {
        await using var passage = await StartAsync();
        var seen = await passage.SendAsync(
            "POST /httpcg/app/shop.example/ HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n0\r\nX-Httpcg-Plane: gw\r\nX-Httpcg-Url: httpcg://gw/x/\r\nX-A: 1\r\n\r\n");
        await passage.Gateway.StopAsync();
        Assert.Equal(["X-A: 1"], seen.Trailers);
    }

    /// <summary>The expected reason: an httpcg target is accepted only at its own address, where a path that merely leads to one is not.</summary>
    private static string WhyAt(bool isOwn, string line, string fields, string why) =>
        !isOwn && line.Contains(" httpcg:", StringComparison.Ordinal) && fields.Length == 0 ? HttpcgProblems.NotListening.Detail
        : isOwn && why.StartsWith("the path leads", StringComparison.Ordinal) ? HttpcgProblems.Missing.Detail
        : why;

    private static Task<Passage> StartAsync() => Passage.StartAsync(settings: settings => settings with
    {
        HttpcgAddress = new(IPAddress.Loopback, 0),
        Routes = [new() { Name = "all", Pool = "default", Planes = HttpcgPlanes.All }, new() { Name = "rest", Pool = "default" }],
    });
}
