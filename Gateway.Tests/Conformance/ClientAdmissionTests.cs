using System.Net;
using System.Net.Sockets;
using Gateway.Node.Engine;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Conformance;

/// <summary>Which clients are admitted, and which requests are served: by the peer's address, the forwarded one, and the host.</summary>
public sealed class ClientAdmissionTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task Of_one_client_no_more_connections_are_taken_than_there_may_be_until_one_ends()
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with { Limits = settings.Limits with { MaxConnectionsPerClient = 2 } });
        var admission = passage.Gateway.Services.GetRequiredService<EngineIngress>().Admission;
        var first = await passage.ConnectAsync();
        await Passage.SettleAsync(first);
        await using (var second = await passage.ConnectAsync())
        {
            await Passage.SettleAsync(second);
            await AssertClosedAsync(passage);
            await AssertClosedAsync(passage);
            await Passage.SettleAsync(first); // Existing ones continue.
            Assert.Equal(1, admission.Clients);
        }

        await first.DisposeAsync();
        await Eventually.IsAsync(() => admission.Clients == 0);
        Assert.Equal(2, await passage.Gateway.MetricAsync("gateway_connections_refused_total", ("reason", "per-client")));
        Assert.Equal(200, (await passage.AskAsync(Get)).Status);
        await Eventually.IsAsync(() => admission.Clients == 0);
    }

    [Fact]
    public async Task Connections_over_HTTP_2_count_with_the_others()
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with
        {
            Http2Address = new(IPAddress.Loopback, 0),
            Limits = settings.Limits with { MaxConnectionsPerClient = 1 },
        });
        var admission = passage.Gateway.Services.GetRequiredService<EngineIngress>().Admission;
        await using (var first = await passage.ConnectAsync())
        {
            await Passage.SettleAsync(first);
            Assert.True(await IsClosedAsync(passage.Gateway.Http2Address));
        }

        await Eventually.IsAsync(() => admission.Clients == 0);
        await using (var second = await RawClient.ConnectAsync(passage.Gateway.Http2Address))
        {
            await Eventually.IsAsync(() => admission.Clients == 1);
            await AssertClosedAsync(passage);
        }

        await Eventually.IsAsync(() => admission.Clients == 0);
    }

    [Fact]
    public async Task A_trusted_proxy_may_have_as_many_connections_as_it_likes()
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with
        {
            TrustedProxies = [Loopback],
            Limits = settings.Limits with { MaxConnectionsPerClient = 1 },
        });
        await using var first = await passage.ConnectAsync();
        await Passage.SettleAsync(first);
        Assert.Equal(200, (await passage.AskAsync(Get)).Status);
        Assert.Equal(0, passage.Gateway.Services.GetRequiredService<EngineIngress>().Admission.Clients);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "")]
    [InlineData("", "10.0.0.0/8")]
    public async Task A_client_that_is_not_served_is_closed_at_once(string denied, string allowed)
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with { Clients = new() { Deny = Networks(denied), Allow = Networks(allowed) } });
        await AssertClosedAsync(passage);
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_connections_refused_total", ("reason", "denied")));
        await passage.Gateway.ReconfigureAsync(settings => settings with { Clients = null });
        Assert.Equal(200, (await passage.AskAsync(Get)).Status);
    }

    [Fact]
    public async Task A_connection_from_before_a_reload_that_denies_its_client_gets_403()
    {
        await using var passage = await Passage.StartAsync();
        await using var client = await passage.ConnectAsync();
        await Passage.SettleAsync(client);
        await passage.Gateway.ReconfigureAsync(settings => settings with { Clients = new() { Deny = [Loopback] } });
        await client.SendAsync(Get);
        ProblemShape.AssertProblem(await client.ReadAnswerAsync(), 403, "http_request_denied");
    }

    [Theory]
    [InlineData("X-Forwarded-For: 10.1.1.1", 200)]
    [InlineData("X-Forwarded-For: 10.66.1.1", 403)]
    [InlineData("Forwarded: for=10.66.1.1", 403)]
    [InlineData("X-Forwarded-For: 192.0.2.1", 403)]
    [InlineData("X-Forwarded-For: 10.1.1.1, 192.0.2.1", 403)]
    [InlineData("X-A: b", 403)]
    public async Task Of_a_trusted_proxy_the_client_is_asked_for_that_it_forwards(string field, int status)
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with
        {
            TrustedProxies = [Loopback],
            Clients = new() { Allow = Networks("10.0.0.0/8"), Deny = Networks("10.66.0.0/16") },
        });
        Assert.Equal(status, (await passage.AskAsync($"GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n")).Status);
        Assert.Equal(status == 200 ? 0 : 1, await passage.Gateway.MetricAsync("gateway_requests_denied_total", ("reason", "client")));
    }

    /// <summary>A client mistaken for the proxy would have the proxy's rights.</summary>
    [Theory]
    [InlineData("X-Forwarded-For: \", 192.0.2.1")]
    [InlineData("X-Forwarded-For: \"\\, 192.0.2.1")]
    [InlineData("X-Forwarded-For: 192.0.2.1:5678")]
    [InlineData("X-Forwarded-For: [2001:db8::1]:80")]
    [InlineData("Forwarded: for=\", for=\"[2001:db8::1]\"")]
    public async Task A_client_cannot_be_taken_for_the_proxy(string field)
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with { TrustedProxies = [Loopback], Clients = new() { Allow = [Loopback] } });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n");
        ProblemShape.AssertProblem(await client.ReadAnswerAsync(), 403, "http_request_denied");
    }

    [Fact]
    public async Task A_route_may_serve_some_clients_alone()
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with
        {
            Routes =
            [
                new() { Name = "internal", PathPrefix = "/internal", Pool = "default", Clients = new() { Allow = Networks("10.0.0.0/8") } },
                new() { Name = "mine", PathPrefix = "/mine", Pool = "default", Clients = new() { Allow = [Loopback] }, RateLimit = new() { Requests = 1, Per = TimeSpan.FromHours(1) } },
                new() { Name = "rest", Pool = "default" },
            ],
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("GET /internal HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n" + Get + "GET /mine HTTP/1.1\r\nHost: x\r\n\r\nGET /mine HTTP/1.1\r\nHost: x\r\n\r\n");
        ProblemShape.AssertProblem(await client.ReadAnswerAsync(), 403, "http_request_denied");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(429, (await client.ReadAnswerAsync()).Status);
        Assert.DoesNotContain(passage.Backend.Requests, request => request.Target == "/internal");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n", 200)]
    [InlineData("GET / HTTP/1.1\r\nHost: SHOP.example.:8080\r\n\r\n", 200)]
    [InlineData("GET / HTTP/1.1\r\nHost: a.b.shop.example\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost: a.b.wild.example\r\n\r\n", 200)]
    [InlineData("GET / HTTP/1.1\r\nHost: wild.example\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost: notwild.example\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 421)]
    [InlineData("GET http://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n", 200)]
    [InlineData("GET http://other.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n", 421)]
    [InlineData("GET /nowhere HTTP/1.1\r\nHost: other.example\r\n\r\n", 421)]
    [InlineData("GET /nowhere HTTP/1.1\r\nHost: shop.example\r\n\r\n", 404)]
    [InlineData("GET /health HTTP/1.1\r\nHost: 10.0.0.1:8080\r\n\r\n", 200)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: other.example\r\n\r\n", 421)]
    public async Task Requests_to_hosts_that_are_not_served_are_misdirected(string request, int status)
    {
        await using var passage = await Passage.StartAsync(settings: settings => settings with
        {
            Hosts = ["shop.example", "*.wild.example"],
            Routes = [new() { Name = "root", Path = "/", Pool = "default" }],
        });
        var answer = await passage.AskAsync(request);
        Assert.Equal(status, answer.Status);
        if (status == 421)
        {
            ProblemShape.AssertProblem(answer, 421, "http_request_denied");
            Assert.Equal(0, passage.Backend.ConnectionsAccepted);
            Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_denied_total", ("reason", "host")));
        }
    }

    private static System.Collections.Immutable.ImmutableArray<IPNetwork> Networks(string text) => text.Length == 0 ? [] : [IPNetwork.Parse(text)];

    private static async Task AssertClosedAsync(Passage passage) => Assert.True(await IsClosedAsync(passage.Gateway.Address));

    /// <summary>Whether the connection ends without an answer, with or without a reset.</summary>
    private static async Task<bool> IsClosedAsync(Uri address)
    {
        try
        {
            await using var client = await RawClient.ConnectAsync(address);
            await client.SendAsync(Get);
            return (await client.ReadToEndAsync()).Length == 0;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return true;
        }
    }
}
