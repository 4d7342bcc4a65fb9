using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Core.Analytics;
using Gateway.Core.Commands;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Tests.Admin;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Metrics;

/// <summary>Real requests in the analytics of a whole replica.</summary>
public sealed class TrafficAnalyticsTests
{
    private static readonly ImmutableArray<RouteSettings> Routes =
    [
        new() { Name = "app", PathPrefix = "/app", Pool = "default" },
        new() { Name = "closed", PathPrefix = "/closed", Pool = null, Answer = new(503) },
        new() { Name = "unused", PathPrefix = "/unused", Pool = "default" },
    ];

    [Fact]
    public async Task A_request_counts_for_its_route_its_pool_and_its_endpoint()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with { Routes = Routes, Http2Address = new(IPAddress.Loopback, 0) });
        await AskAsync(gateway, "/app", 5);
        await AskAsync(gateway, "/app", 3, http2: true);
        await AskAsync(gateway, "/closed", 2);
        await AskAsync(gateway, "/nowhere", 4);
        await AskAsync(gateway, "/health", 6); // Checks of the replica do not count.
        await gateway.StopAsync();

        Assert.Equal(
            [
                (SeriesKey.Route("app"), 8L, 0L, 8L, 0L), (SeriesKey.Route("closed"), 2L, 2L, 2L, 0L), (SeriesKey.Route("none"), 4L, 0L, 4L, 0L),
                (SeriesKey.Route("unused"), 0L, 0L, 0L, 0L),
                (SeriesKey.OfPool("default"), 8L, 0L, 8L, 0L), (SeriesKey.OfPool("none"), 6L, 2L, 6L, 0L),
                (SeriesKey.Endpoint("default", backend.EndPoint.ToString()), 8L, 0L, 8L, 8L),
            ],
            Read(gateway).Select(s => Describe(s.Key, s.Windows.Single(w => w.Window == AnalyticsWindow.FifteenMinutes).Counts)));
    }

    [Theory]
    [InlineData("status", 1, 1)]
    [InlineData("reset", 1, 1)]
    [InlineData("broken", 1, 1)]
    [InlineData("client error", 0, 0)]
    [InlineData("retried", 0, 1)]
    public async Task Statuses_of_5xx_and_broken_answers_count_as_errors(string what, int errors, int attemptErrors)
    {
        await using var backend = RawBackend.Start(what switch
        {
            "status" => RawScripts.Answer(500),
            "reset" => RawScripts.Reset,
            "broken" => RawScripts.ResetInMidBody(),
            "retried" => RawScripts.Burst(1),
            _ => RawScripts.Answer(404),
        });
        // A retry of a 503 needs another endpoint; both are the same backend under two names.
        await using var gateway = await TestGateway.StartAsync(
            what == "retried" ? [backend.Address, new($"http://localhost:{backend.EndPoint.Port}")] : [backend.Address],
            pool => pool with { Breaker = new() { Threshold = 1000 }, Retry = new() { Attempts = what == "retried" ? 1 : 0 } });
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".Replace("POST", what == "retried" ? "GET" : "POST", StringComparison.Ordinal));
            await client.ReadToEndAsync();
        }

        await gateway.StopAsync();
        var read = Read(gateway).ToLookup(s => s.Key.Kind, s => s.Windows[0].Counts);
        Assert.Equal((1L, errors), (read[SeriesKind.Route].Sum(c => c.Count), (int)read[SeriesKind.Route].Sum(c => c.Errors)));
        Assert.Equal((1L, errors), (read[SeriesKind.Pool].Sum(c => c.Count), (int)read[SeriesKind.Pool].Sum(c => c.Errors)));
        Assert.Equal(
            (what == "retried" ? 2L : 1L, attemptErrors), (read[SeriesKind.Endpoint].Sum(c => c.Count), (int)read[SeriesKind.Endpoint].Sum(c => c.Errors)));
    }

    [Fact]
    public async Task An_attempt_counts_when_it_is_over_as_its_error_does()
    {
        var later = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowHead(later.Task));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var asking = AskAsync(gateway, "/", 1);
        await Eventually.IsAsync(() => Read(gateway).Any(s => s.Key.Kind == SeriesKind.Endpoint));
        Assert.Equal(0, Read(gateway).Single(s => s.Key.Kind == SeriesKind.Endpoint).Busiest);
        later.SetResult();
        await asking;
        await gateway.StopAsync();
        Assert.Equal(1, Read(gateway).Single(s => s.Key.Kind == SeriesKind.Endpoint).Busiest);
    }

    [Fact]
    public async Task A_client_that_leaves_is_nobodys_error()
    {
        var later = new TaskCompletionSource();
        await using var backend = RawBackend.Start(RawScripts.SlowBody(later.Task));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await client.ReadHeadAsync();
            client.Reset();
        }

        await Eventually.IsAsync(() => gateway.Pool.Endpoints[0].Cell.InFlight == 0);
        later.SetResult();
        await gateway.StopAsync();
        var series = Read(gateway).Where(s => s.Key.Name != SeriesKey.None).ToList();
        Assert.NotEmpty(series);
        Assert.All(series, s => Assert.Equal((1L, 0L), (s.Windows[0].Counts.Count, s.Windows[0].Counts.Errors)));
    }

    [Fact]
    public async Task An_endpoint_and_a_route_that_leave_take_their_rows_along()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with { Routes = Routes });
        await AskAsync(gateway, "/app", 2);
        await gateway.ReconfigureAsync(s => s with { Routes = [Routes[0] with { Methods = ["GET"] }] });
        await AskAsync(gateway, "/app", 1);
        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [] });
        await Eventually.IsAsync(async () =>
        {
            await gateway.ScrapeAsync(); // The second scrape that finds an endpoint idle forgets it.
            return Read(gateway).All(s => s.Key.Kind != SeriesKind.Endpoint);
        });
        await gateway.StopAsync();
        var read = Read(gateway);
        Assert.Equal(["app", "none"], read.Where(s => s.Key.Kind == SeriesKind.Route).Select(s => s.Key.Name));
        Assert.Equal(3, read.Single(s => s.Key == SeriesKey.Route("app")).Busiest);
        Assert.Equal(3, read.Single(s => s.Key == SeriesKey.OfPool("default")).Busiest);
        Assert.DoesNotContain(read, s => s.Key.Kind == SeriesKind.Endpoint);
    }

    [Fact]
    public async Task The_admin_API_tells_it_as_JSON()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await AskAsync(gateway, "/", 3);
        JsonNode all = null!;
        await Eventually.IsAsync(async () => (long)(all = await GetAsync(gateway, "/analytics"))["routes"]![0]!["windows"]![0]!["count"]! == 3);
        Assert.Equal(("test", "replica", "test", 0), ((string?)all["gatewayId"], (string?)all["scope"], (string?)all["replicas"]![0], all["missing"]!.AsArray().Count));
        Assert.Equal(["1m", "5m", "15m"], all["pools"]![0]!["windows"]!.AsArray().Select(w => (string?)w!["window"]));
        var endpoint = all["endpoints"]![0]!;
        Assert.Equal((backend.EndPoint.ToString(), "default"), ((string?)endpoint["address"], (string?)endpoint["pool"]));
        Assert.True((double)endpoint["windows"]![0]!["firstByteP999Ms"]! > 0);
        Assert.Null(all["routes"]![0]!["windows"]![0]!["firstByteP50Ms"]);

        var one = await GetAsync(gateway, "/analytics?by=pool&window=5m&scope=cluster");
        Assert.Equal((0, 1, 0), (one["routes"]!.AsArray().Count, one["pools"]!.AsArray().Count, one["endpoints"]!.AsArray().Count));
        Assert.Equal(("cluster", "5m", 1), ((string?)one["scope"], (string?)one["pools"]![0]!["windows"]![0]!["window"], one["pools"]![0]!["windows"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("?by=host", "by 'host' is not valid; allowed: route, pool, endpoint")]
    [InlineData("?window=2m", "window '2m' is not valid; allowed: 1m, 5m, 15m")]
    [InlineData("?scope=world", "scope 'world' is not valid; allowed: replica, cluster")]
    public async Task An_invalid_query_is_refused_in_one_line(string query, string detail)
    {
        await using var gateway = await TestGateway.StartAsync([]);
        using var answer = await gateway.Admin.GetAsync(new Uri("/analytics" + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(detail, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]);
    }

    [Fact]
    public async Task Top_shows_it_by_route_pool_or_endpoint()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await AskAsync(gateway, "/", 3);
        await Eventually.IsAsync(() => Read(gateway)[0].Busiest == 3);
        foreach (var (line, first) in new[]
        {
            ("-b route", "default"), ("-w 15m", "default"), ("-s cluster -b pool", "default"), ("-b endpoint -p default", "default"), ("-p default -w 5m", "default"),
        })
        {
            var outputs = await CommandStream.RunAsync(gateway, $"gateway top -n 1 {line}");
            var row = Assert.IsType<CommandOutput.Row>(outputs.First(o => o is CommandOutput.Row));
            var columns = outputs.OfType<CommandOutput.Table>().Single().Columns;
            Assert.Equal((first, 3.0), (row.Cells[0].Text, row.Cells[columns.IndexOf(columns.Single(c => c.Name == "count"))].Number));
            Assert.Equal(columns.Length, row.Cells.Length);
        }

        Assert.IsType<CommandOutput.Failed>((await CommandStream.RunAsync(gateway, "gateway top -n 1 -b route -p default"))[^1]);
        Assert.IsType<CommandOutput.Failed>((await CommandStream.RunAsync(gateway, "gateway top -n 1 -b pool -p nothing"))[^1]);
    }

    private static (SeriesKey, long, long, long, long) Describe(SeriesKey key, SeriesCounts counts) =>
        (key, counts.Count, counts.Errors, counts.Durations.Total, counts.FirstBytes.Total);

    private static ImmutableArray<SeriesReading> Read(TestGateway gateway) => gateway.Services.GetRequiredService<TrafficAnalytics>().Read(default);

    private static async Task<JsonNode> GetAsync(TestGateway gateway, string path) => JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private static async Task AskAsync(TestGateway gateway, string path, int times, bool http2 = false)
    {
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(http2 ? gateway.Http2Address : gateway.Address, path))
            {
                Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await gateway.Client.SendAsync(request);
        }
    }
}
