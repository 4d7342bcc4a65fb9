using System.Text.Json.Nodes;
using Gateway.Node.Metrics;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>The answers of the admin API, over a real host.</summary>
public sealed class AdminApiTests
{
    [Fact]
    public async Task The_status_tells_who_the_replica_is_and_what_it_does()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with { Zone = "a" });

        var status = await GetAsync(gateway, "/status");

        Assert.Equal(("test", "a", "ready"), ((string?)status["gatewayId"], (string?)status["zone"], (string?)status["phase"]));
        Assert.Equal((0, 0), ((int)status["activeRequests"]!, (int)status["requests"]!["total"]!));
        var pool = Assert.Single(status["pools"]!.AsArray())!;
        Assert.Equal(("default", "round-robin", 1, 1), ((string?)pool["name"], (string?)pool["strategy"], (int)pool["endpoints"]!, (int)pool["available"]!));
    }

    [Fact]
    public async Task Endpoints_tell_their_breaker_and_their_traffic()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var well = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, well.Address]);
        await gateway.AskManyAsync(20);

        var endpoints = await Eventually.EndpointsAsync(gateway, endpoints => Count(endpoints[1]!, "total") == 20 && (string?)endpoints[0]!["opinions"]![0]!["opinion"] == "bad");

        var (ejected, available) = (endpoints[0]!, endpoints[1]!);
        Assert.Equal($"default/{failing.Address.GetLeftPart(UriPartial.Authority)}", (string?)ejected["id"]);
        Assert.Equal(("ejected", "ejected (own-breaker)", "open"), ((string?)ejected["state"], (string?)ejected["reason"], (string?)ejected["breaker"]!["phase"]));
        Assert.InRange((double)ejected["breaker"]!["openForSeconds"]!, 0, 11);
        Assert.Equal((5, 5, 5), (Count(ejected, "total"), Count(ejected, "errorsTotal"), Count(ejected, "retriesTotal")));
        Assert.Equal(("available", 20, 0), ((string?)available["state"], Count(available, "total"), Count(available, "errorsTotal")));
        var opinion = Assert.Single(ejected["opinions"]!.AsArray())!;
        Assert.Equal(("test", true, "bad", true), ((string?)opinion["replica"], (bool)opinion["self"]!, (string?)opinion["opinion"], (bool)opinion["fresh"]!));

        static int Count(JsonNode endpoint, string what) => (int)(double)endpoint["attempts"]![what]!;
    }

    [Fact]
    public async Task Rates_and_quantiles_are_of_the_time_between_samples()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await gateway.AskAsync();
        using var sampler = new TrafficSampler(
            gateway.Services.GetRequiredService<GatewayMetrics>(), gateway.Services.GetRequiredService<TrafficAnalytics>(), TimeProvider.System);
        sampler.Sample(TimeSpan.FromSeconds(1));
        await gateway.AskManyAsync(20);
        await gateway.StopAsync();
        sampler.Sample(TimeSpan.FromSeconds(3));

        // The first request may be counted only after its client has the answer.
        var requests = sampler.Requests;
        Assert.Equal((TimeSpan.FromSeconds(2), 21.0), (requests.Window, requests.Totals.Count));
        Assert.InRange(requests.PerSecond, 10, 10.5);
        Assert.True(requests.P50 > TimeSpan.Zero && requests.P50 <= requests.P99);
        var attempts = sampler.AttemptsAt(gateway.Pool.Endpoints[0].Id);
        Assert.Equal((10.0, 21.0), (attempts.PerSecond, attempts.Totals.Count));
        Assert.True(attempts.P50 > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("default/http://{0}")]
    [InlineData("default%2Fhttp%3A%2F%2F{0}")]
    [InlineData("http://{0}")]
    [InlineData("{0}")]
    public async Task An_endpoint_is_found_by_its_id_or_its_address(string id)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, id, backend.EndPoint);
        Assert.Equal($"http://{backend.EndPoint}", (string?)(await GetAsync(gateway, $"/endpoints/{path}"))["address"]);
    }

    [Fact]
    public async Task An_endpoint_that_there_is_not_is_a_problem_in_one_line()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        using var answer = await gateway.Admin.GetAsync(new Uri("/endpoints/http://10.0.0.1:1", UriKind.Relative));
        Assert.Equal((404, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("unknown endpoint 'http://10.0.0.1:1'", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]);
    }

    [Fact]
    public async Task Events_come_as_they_happen_with_their_endpoint()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var gateway = await TestGateway.StartAsync([failing.Address]);
        using var answer = await gateway.Admin.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());

        await gateway.AskManyAsync(5);

        var data = await ReadEventAsync(lines, "breaker-moved");
        Assert.Equal($"default/{failing.Address.GetLeftPart(UriPartial.Authority)}", (string?)data["endpoint"]);
        Assert.Equal(("Closed", "Open"), ((string?)data["fields"]!["from"], (string?)data["fields"]!["to"]));
        Assert.Equal("warning", (string?)data["level"]);
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_the_events_that_it_missed()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var gateway = await TestGateway.StartAsync([failing.Address]);
        await gateway.AskManyAsync(5);
        await gateway.LoggedAsync("breaker Closed -> Open");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Add("Last-Event-ID", "1");
        using var answer = await gateway.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("id: 2", await lines.ReadLineAsync());
        await ReadEventAsync(lines, "breaker-moved");
    }

    [Fact]
    public async Task A_subscriber_hears_which_endpoints_look_different_elsewhere()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var well = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, well.Address]);
        using var answer = await gateway.Admin.GetAsync(new Uri("/events?endpoints=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());

        await gateway.AskManyAsync(20);

        JsonNode endpoint;
        do
        {
            endpoint = Assert.Single((await ReadEventAsync(lines, "endpoints-changed"))["endpoints"]!.AsArray())!;
            Assert.Equal($"default/{failing.Address.GetLeftPart(UriPartial.Authority)}", (string?)endpoint["id"]);
        }
        while ((string?)endpoint["opinions"]![0]!["opinion"] != "bad");
        Assert.Equal(("ejected", "open"), ((string?)endpoint["state"], (string?)endpoint["breaker"]!["phase"]));
    }

    [Fact]
    public async Task A_replica_ends_although_someone_is_watching()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        using var answer = await gateway.Admin.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await gateway.StopAsync();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await lines.ReadToEndAsync();
    }

    private static async Task<JsonNode> GetAsync(TestGateway gateway, string path)
    {
        using var answer = await gateway.Admin.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal((200, "application/json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task<JsonNode> ReadEventAsync(StreamReader lines, string type)
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == $"event: {type}")
            {
                return JsonNode.Parse((await lines.ReadLineAsync(limit.Token))!["data: ".Length..])!;
            }
        }

        throw new InvalidOperationException($"the stream ended without {type}");
    }
}
