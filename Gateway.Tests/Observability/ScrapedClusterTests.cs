using Gateway.Node.Demo;
using Gateway.Tests.Cluster;
using Gateway.Tests.Metrics;

namespace Gateway.Tests.Observability;

/// <summary>A real cluster of three under traffic, scraped by a real Prometheus.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ScrapedClusterTests
{
    /// <summary>Metrics that a cluster need not have even when a backend fails: it was not full, had budget left, and did not split.</summary>
    private static readonly string[] Rare =
        ["requests_saturated", "queue_timeouts", "retries_refused", "panic_picks", "cluster_rejoins", "cluster_messages_dropped", "gateway_mirror_"];

    [ProgramFact("prometheus")]
    public async Task Every_query_of_the_dashboard_and_every_rule_is_understood_and_has_something_to_say()
    {
        await using var demo = await DemoCluster.StartAsync(DemoPorts.Any, (_, _) => { });
        await using var prometheus = await PrometheusProcess.StartAsync(
            demo.Gateways.ToDictionary(gateway => $"{gateway.Id}:9090", gateway => gateway.Metrics!.ToString()));
        using var over = new CancellationTokenSource();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var traffic = SendAsync(client, [.. demo.Gateways.Select(gateway => new Uri($"http://{gateway.Requests}/"))], over.Token);
        await PrometheusProcess.UntilAsync(async () => await prometheus.CountAsync("rate(gateway_request_total[1m]) > 0") >= 3 ? [] : ["no traffic is scraped"]);
        using var sick = await client.PostAsync(new Uri(demo.Backends.First().Address, "/-/sick"), content: null);

        await PrometheusProcess.UntilAsync(() => SilentAsync(prometheus));
        await PrometheusProcess.UntilAsync(async () =>
            [.. (await prometheus.RulesAsync()).Where(rule => rule.Health != "ok").Select(rule => $"{rule.Name} is {rule.Health}: {rule.Error}")]);
        await PrometheusProcess.UntilAsync(async () =>
            await prometheus.CountAsync("""ALERTS{alertname="GatewayBreakerOpen"}""") > 0 ? [] : ["the breaker of the sick backend raises no alert"]);

        await over.CancelAsync();
        await traffic;
    }

    /// <summary>Queries without the expected result.</summary>
    private static async Task<IReadOnlyList<string>> SilentAsync(PrometheusProcess prometheus)
    {
        List<string> silent = [];
        foreach (var query in Dashboard.Queries)
        {
            if (await prometheus.CountAsync(query.Query) == 0 && !Rare.Any(name => query.Query.Contains(name, StringComparison.Ordinal)))
            {
                silent.Add($"{query.Panel}: {query.Query}");
            }
        }

        return silent;
    }

    /// <summary>Sends some requests to each replica, repeatedly.</summary>
    private static async Task SendAsync(HttpClient client, IReadOnlyList<Uri> replicas, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var replica in replicas)
            {
                (await client.GetAsync(replica, CancellationToken.None)).Dispose();
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
