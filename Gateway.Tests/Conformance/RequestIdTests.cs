using System.Net;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>The id of a request on its way to the backend, and whether its client gets it.</summary>
public sealed class RequestIdTests
{
    private const string Made = "^[0-9a-f]{32}$";

    [Fact]
    public async Task Without_the_setting_the_field_passes_as_it_is_both_ways()
    {
        await using var passage = await Passage.StartAsync(RawScripts.Answer(200, "ok", "X-Request-Id: the backend's"));
        var answer = await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n");
        Assert.Equal(["a", "b"], passage.Backend.Requests[^1].Head.Values("X-Request-Id"));
        Assert.Equal("the backend's", answer.Head.Value("X-Request-Id"));
    }

    [Fact]
    public async Task The_id_of_a_client_is_replaced_by_a_unique_one()
    {
        await using var passage = await StartAsync();
        var first = await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine\r\nx-request-id: mine too\r\n\r\n");
        var second = await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Matches(Made, first.Head.Value("X-Request-Id"));
        Assert.Matches(Made, second.Head.Value("X-Request-Id"));
        Assert.NotEqual(first.Head.Value("X-Request-Id"), second.Head.Value("X-Request-Id"));
    }

    [Theory]
    [InlineData("01JDK-4.a_b~c+d/e=f:g@h", true)]
    [InlineData("", false)]
    [InlineData("with space", false)]
    [InlineData("quote\"", false)]
    [InlineData("\u00ff", false)]
    public async Task The_id_of_a_trusted_proxy_is_kept_if_usable(string id, bool isKept)
    {
        await using var passage = await StartAsync(trusts: true);
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: {id}\r\n\r\n");
        Assert.Matches(isKept ? $"^{System.Text.RegularExpressions.Regex.Escape(id)}$" : Made, seen.Head.Value("X-Request-Id"));
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task An_id_of_more_than_128_bytes_is_replaced(int length, bool isKept)
    {
        await using var passage = await StartAsync(trusts: true);
        var id = new string('a', length);
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: {id}\r\n\r\n");
        Assert.Equal(isKept, seen.Head.Value("X-Request-Id") == id);
    }

    [Fact]
    public async Task One_that_is_named_for_the_connection_alone_is_replaced()
    {
        await using var passage = await StartAsync(trusts: true);
        var seen = await passage.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: X-Request-Id\r\nX-Request-Id: a\r\n\r\n");
        Assert.Matches(Made, seen.Head.Value("X-Request-Id"));
    }

    [Fact]
    public async Task Every_attempt_bears_the_same_id()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var working = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, working.Address], settings: Enabled(trusts: false, echo: true));
        for (var i = 0; i < 2; i++)
        {
            var answer = await RawClient.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.Equal(200, answer.Status);
            Assert.Equal(answer.Head.Value("X-Request-Id"), working.Requests[^1].Head.Value("X-Request-Id"));
        }

        Assert.Contains(failing.Requests[0].Head.Value("X-Request-Id"), working.Requests.Select(request => request.Head.Value("X-Request-Id")));
    }

    [Fact]
    public async Task The_client_gets_the_id_if_the_settings_say_so_in_the_gateways_own_answers_too()
    {
        await using var passage = await StartAsync(echo: true, script: RawScripts.Answer(200, "ok", "X-Request-Id: the backend's"));
        var answer = await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(passage.Backend.Requests[^1].Head.Value("X-Request-Id"), answer.Head.Value("X-Request-Id"));

        await passage.Gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [] });
        var refused = await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(503, refused.Status);
        Assert.Matches(Made, refused.Head.Value("X-Request-Id"));
    }

    [Fact]
    public async Task Without_echo_the_answer_passes_as_it_is()
    {
        await using var passage = await StartAsync(script: RawScripts.Answer(200, "ok", "X-Request-Id: the backend's"));
        var answer = await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("the backend's", answer.Head.Value("X-Request-Id"));
    }

    [Fact]
    public async Task A_request_that_cannot_be_parsed_bears_no_other_requests_id()
    {
        await using var passage = await StartAsync(echo: true);
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.NotNull((await client.ReadAnswerAsync()).Head.Value("X-Request-Id"));
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nbad name: 1\r\n\r\n");
        var refused = await client.ReadAnswerAsync();
        Assert.Equal(400, refused.Status);
        Assert.Null(refused.Head.Value("X-Request-Id"));
    }

    [Fact]
    public async Task An_http2_client_gets_the_id_of_its_request()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: settings => Enabled(trusts: true, echo: true)(settings) with { Http2Address = new(IPAddress.Loopback, 0) });
        using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, gateway.Http2Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "x-request-id", "kept" } },
        };
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(["kept"], answer.Headers.GetValues("x-request-id"));
        Assert.Equal("kept", backend.Requests[^1].Head.Value("X-Request-Id"));
    }

    private static Task<Passage> StartAsync(bool trusts = false, bool echo = false, Func<RawExchange, Task>? script = null) =>
        Passage.StartAsync(script, settings: Enabled(trusts, echo));

    private static Func<GatewaySettings, GatewaySettings> Enabled(bool trusts, bool echo) => settings => settings with
    {
        RequestId = new() { Enabled = true, Echo = echo },
        TrustedProxies = trusts ? [new IPNetwork(IPAddress.Loopback, 32)] : [],
    };
}
