using System.Globalization;
using Gateway.Core.Traffic;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Metrics;

/// <summary>Prometheus' metrics of routes.</summary>
public sealed class RouteMetricsTests
{
    [Fact]
    public async Task Requests_errors_and_durations_are_reported_by_route()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            var request = await exchange.ReadRequestAsync();
            await exchange.AnswerAsync(int.Parse(request.Target.Split('/')[^1], CultureInfo.InvariantCulture));
        });
        await using var gateway = await StartAsync(backend);
        foreach (var target in (string[])["/shop/200", "/shop/201", "/shop/404", "/shop/503", "/fixed", "/nowhere"])
        {
            await gateway.AskAsync(target: target);
        }

        await gateway.ScrapeAsync(); // Later scrapes must not report this again.
        await gateway.AskAsync(target: "/shop/200");

        foreach (var (route, of, count) in new[] { ("shop", "2xx", 3), ("shop", "4xx", 1), ("shop", "5xx", 1), ("fixed", "2xx", 1), ("none", "4xx", 1) })
        {
            Assert.Equal(count, await gateway.MetricAsync("gateway_route_requests_total", ("route", route), ("class", of)));
        }

        Assert.Equal((1, 0), (await gateway.MetricAsync("gateway_route_errors_total", ("route", "shop")), await gateway.MetricAsync("gateway_route_errors_total", ("route", "none"))));
        Assert.Equal(5, await gateway.MetricAsync("gateway_route_duration_seconds_count", ("route", "shop")));
        Assert.True(await gateway.MetricAsync("gateway_route_duration_seconds_sum", ("route", "shop")) > 0);
        Assert.Equal(5, await gateway.MetricAsync("gateway_route_duration_seconds_bucket", ("route", "shop"), ("le", "+Inf")));
    }

    [Fact]
    public async Task An_answer_that_the_backend_breaks_off_is_an_error_of_its_route_whatever_its_class()
    {
        await using var backend = RawBackend.Start(RawScripts.HalfClosed);
        await using var gateway = await StartAsync(backend);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET /shop/200 HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadToEndAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_route_requests_total", ("route", "shop"), ("class", "2xx")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_route_errors_total", ("route", "shop")));
    }

    [Fact]
    public async Task The_series_of_a_route_that_is_gone_end_and_begin_anew_if_it_comes_back()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);
        await gateway.AskAsync(target: "/shop/200");
        Assert.Equal(1, await gateway.MetricAsync("gateway_route_requests_total", ("route", "shop")));
        var routes = gateway.State.Current.Settings.Routes;
        await gateway.ReconfigureAsync(settings => settings with { Routes = [.. routes.Where(r => r.Name != "shop")] });
        var counts = gateway.Services.GetRequiredService<GatewayMetrics>().Routes;
        counts.Keep(new HashSet<string> { "fixed" });
        counts.Keep(new HashSet<string> { "fixed" }); // As the analytics do twice in half a minute.
        Assert.DoesNotContain("route=\"shop\"", await gateway.ScrapeAsync(), StringComparison.Ordinal);

        await gateway.ReconfigureAsync(settings => settings with { Routes = routes });
        await gateway.AskAsync(target: "/shop/200");
        Assert.Equal(1, await gateway.MetricAsync("gateway_route_requests_total", ("route", "shop")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_route_duration_seconds_count", ("route", "shop")));
    }

    /// <summary>Every bound of Prometheus' buckets is a bound of the buckets used for counting, so that the middle of one is never on the other side.</summary>
    [Fact]
    public void A_bound_of_a_bucket_splits_none_that_is_counted_in()
    {
        for (var exponent = 8; exponent <= 25; exponent++)
        {
            var bound = TimeSpan.FromMicroseconds(1L << exponent);
            Assert.True(LatencyHistogram.MiddleOf(LatencyHistogram.IndexOf(bound)) > bound);
            Assert.True(LatencyHistogram.MiddleOf(LatencyHistogram.IndexOf(bound - TimeSpan.FromMicroseconds(1))) < bound);
        }
    }

    private static Task<TestGateway> StartAsync(RawBackend backend) => TestGateway.StartAsync([backend.Address], pool => pool with { Retry = pool.Retry with { Attempts = 0 } }, settings => settings with
    {
        Routes = [new RouteSettings { Name = "shop", Pool = "default", PathPrefix = "/shop" }, new() { Name = "fixed", Pool = null, PathPrefix = "/fixed", Answer = new() }],
    });
}
