using System.Text.Json.Nodes;
using Gateway.Core.Health;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Metrics;

/// <summary>A backend with server errors that do not count as its failures, in metrics and admin API.</summary>
public sealed class StatusClassTests
{
    [Fact]
    public async Task Answers_are_counted_by_the_class_of_their_status_at_the_backend_that_gave_them()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(500, "own fault"));
        await using var gateway = await TestGateway.StartAsync([failing.Address]);
        for (var i = 0; i < 3; i++)
        {
            await gateway.AskAsync();
        }

        var label = ("backend", failing.EndPoint.ToString());
        Assert.Equal(3, await gateway.MetricAsync("gateway_backend_responses_total", label, ("class", "5xx")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_responses_total", label, ("class", "2xx")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total", label));
    }

    [Fact]
    public async Task An_answer_that_is_tried_again_counts_where_it_came_from()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var other = RawBackend.Start(RawScripts.Answer(404, "none"));
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);

        await gateway.AskAsync();

        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_responses_total", ("backend", failing.EndPoint.ToString()), ("class", "5xx")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_responses_total", ("backend", other.EndPoint.ToString()), ("class", "4xx")));
    }

    [Fact]
    public async Task The_admin_api_tells_them_of_the_endpoint_and_of_the_replica()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(500, "own fault"));
        await using var gateway = await TestGateway.StartAsync([failing.Address]);
        await gateway.AskAsync();

        var endpoints = await Eventually.EndpointsAsync(gateway, all => (double)all[0]!["attempts"]!["answersTotal"]!["serverError"]! == 1);

        var endpoint = endpoints[0]!;
        Assert.Equal("available", (string?)endpoint["state"]);
        Assert.Equal(0, (double)endpoint["attempts"]!["errorsTotal"]!);
        Assert.Equal(0, (double)endpoint["attempts"]!["answersTotal"]!["successful"]!);
        await Eventually.IsAsync(async () => // The request is counted after its attempt.
        {
            var status = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/status", UriKind.Relative)))!;
            return (double)status["requests"]!["answersTotal"]!["serverError"]! == 1;
        });
    }

    [Fact]
    public async Task Each_backend_is_in_one_state_which_the_gauge_names()
    {
        await using var well = RawBackend.Start(RawScripts.Answer());
        await using var sick = RawBackend.Start(RawScripts.Answer(503));
        await using var gateway = await TestGateway.StartAsync(
            [well.Address, sick.Address],
            pool => pool with { Health = pool.Health with { Probe = new() { Kind = ProbeKind.Http }, UnhealthyThreshold = 1 } });

        await Eventually.EndpointsAsync(gateway, all => (string?)all[0]!["state"] == "available" && (string?)all[1]!["state"] == "ejected");

        Assert.Equal(["available"], await StatesAsync(gateway, well));
        Assert.Equal(["ejected"], await StatesAsync(gateway, sick));
    }

    [Fact]
    public async Task A_backend_that_was_removed_is_in_no_state()
    {
        await using var staying = RawBackend.Start(RawScripts.Answer());
        await using var leaving = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([staying.Address, leaving.Address]);
        Assert.Single(await StatesAsync(gateway, leaving));

        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [pool.Endpoints[0]] });

        Assert.Empty(await StatesAsync(gateway, leaving));
        Assert.Equal(["available"], await StatesAsync(gateway, staying));
    }

    [Fact]
    public async Task Open_connections_of_clients_are_counted()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadAnswerAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_client_connections"));

        await client.DisposeAsync();

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_client_connections") == 0);
    }

    /// <summary>The states reported as current.</summary>
    private static async Task<IReadOnlyList<string>> StatesAsync(TestGateway gateway, RawBackend backend)
    {
        var states = new List<string>();
        foreach (var state in (string[])["available", "suspect", "trial", "ejected", "draining"])
        {
            if (await gateway.MetricAsync("gateway_backend_state", ("backend", backend.EndPoint.ToString()), ("state", state)) == 1)
            {
                states.Add(state);
            }
        }

        return states;
    }
}
