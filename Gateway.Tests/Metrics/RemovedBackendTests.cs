using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Metrics;

/// <summary>The series of a removed backend.</summary>
public sealed class RemovedBackendTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public async Task They_go_when_nothing_is_in_flight_there_any_more()
    {
        var release = new TaskCompletionSource();
        await using var leaving = RawBackend.Start(RawScripts.SlowBody(release.Task));
        await using var staying = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([leaving.Address]);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(Get);
        await client.ReadHeadAsync();

        await gateway.ReconfigureAsync(settings => With(settings, staying));
        for (var scrapes = 0; scrapes < 3; scrapes++)
        {
            Assert.Equal(1, await gateway.MetricAsync("gateway_active_connections", ("backend", Label(leaving))));
        }

        release.SetResult();
        await client.ReadBytesAsync(8);
        await client.SendAsync(Get);
        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        var first = await gateway.ScrapeAsync();
        Assert.Contains(Series("gateway_request_total", leaving), first, StringComparison.Ordinal);
        var second = await gateway.ScrapeAsync();
        Assert.DoesNotContain(Label(leaving), second, StringComparison.Ordinal);
        Assert.Contains(Label(staying), second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_begin_anew_when_it_comes_back()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await AskAsync(client);
        await gateway.ReconfigureAsync(settings => With(settings, other));
        await AskAsync(client);
        await gateway.ScrapeAsync();
        await gateway.ScrapeAsync();
        await gateway.ReconfigureAsync(settings => With(settings, backend));
        await AskAsync(client);
        await AskAsync(client);
        await Conformance.Passage.SettleAsync(client);
        Assert.Equal(2, await gateway.MetricAsync("gateway_request_total", ("backend", Label(backend))));
        Assert.Equal(2, await gateway.MetricAsync("gateway_backend_requests_total", ("backend", Label(backend))));
        Assert.Equal(1, await gateway.MetricAsync("gateway_connection_creation_total", ("backend", Label(backend))));
    }

    [Fact]
    public async Task One_that_comes_back_while_it_is_still_busy_keeps_them()
    {
        var release = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowBody(release.Task), RawScripts.Answer()));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await using var busy = await RawClient.ConnectAsync(gateway.Address);
        await busy.SendAsync(Get);
        await busy.ReadHeadAsync();
        await gateway.ReconfigureAsync(settings => With(settings));
        await gateway.ReconfigureAsync(settings => With(settings, backend));
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await AskAsync(client);
        Assert.Equal(1, await gateway.MetricAsync("gateway_active_connections", ("backend", Label(backend))));

        release.SetResult();
        await busy.ReadBytesAsync(8);
        await Conformance.Passage.SettleAsync(busy);
        await gateway.ScrapeAsync();
        await gateway.ScrapeAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_active_connections", ("backend", Label(backend))));
        Assert.Equal(2, await gateway.MetricAsync("gateway_request_total", ("backend", Label(backend))));
    }

    [Fact]
    public async Task A_removed_pool_takes_its_gauges_with_it()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: settings =>
            settings with { Pools = [.. settings.Pools, settings.Pools[0] with { Name = "second" }] });
        Assert.Equal(1, await gateway.MetricAsync("gateway_healthy_backends", ("pool", "second")));
        await gateway.ReconfigureAsync(settings => settings with { Pools = [settings.Pools[0]] });
        await gateway.ScrapeAsync();
        Assert.DoesNotContain("pool=\"second\"", await gateway.ScrapeAsync(), StringComparison.Ordinal);
    }

    private static GatewaySettings With(GatewaySettings settings, params RawBackend[] backends)
    {
        var endpoints = backends.Select(backend => new EndpointSettings(TestEndpoints.Address($"http://{backend.EndPoint}")));
        return settings with { Pools = [settings.Pools[0] with { Endpoints = [.. endpoints] }] };
    }

    private static async Task AskAsync(RawClient client)
    {
        await client.SendAsync(Get);
        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
    }

    private static string Label(RawBackend backend) => backend.EndPoint.ToString();

    private static string Series(string name, RawBackend backend) =>
        $"{name}{{pool=\"{PoolSettings.DefaultName}\",method=\"GET\",backend=\"{Label(backend)}\"";
}
