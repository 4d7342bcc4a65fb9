using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Answers that count as a backend's failure, independent of retries; and the report of the last failure.</summary>
public sealed class FailureStatusTests
{
    [Fact]
    public async Task Without_statuses_to_try_again_a_503_still_trips_the_breaker()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var gateway = await TestGateway.StartAsync([failing.Address], pool => pool with { Retry = pool.Retry with { Statuses = [] } });

        await gateway.AskManyAsync(5);

        await gateway.LoggedAsync("breaker Closed -> Open (epoch 1): consecutive failures, the last: Status 503");
        Assert.Equal(5, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "status")));
    }

    [Fact]
    public async Task A_status_that_is_tried_again_need_not_be_a_failure()
    {
        await using var busy = RawBackend.Start(RawScripts.Answer(503, "busy"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [busy.Address, other.Address], pool => pool with { Breaker = pool.Breaker with { FailureStatuses = [] } });

        Assert.All(await gateway.AskManyAsync(20), status => Assert.Equal(200, status));

        Assert.True(busy.Requests.Count > 5, "it is not asked any more");
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(2, await gateway.MetricAsync("gateway_healthy_backends"));
    }

    [Fact]
    public async Task A_status_that_is_not_tried_again_can_be_a_failure()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(500, "own fault"));
        await using var gateway = await TestGateway.StartAsync(
            [failing.Address], pool => pool with { Breaker = pool.Breaker with { FailureStatuses = [500] } });

        (await gateway.AskAsync()).AssertPassedOn(500, "own fault");

        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "status")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_retries_total"));
    }

    [Fact]
    public async Task The_last_failure_says_in_words_what_went_wrong()
    {
        await using var gone = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([gone.Address]);
        await gone.StopAsync();

        await gateway.AskManyAsync(5);

        await gateway.LoggedAsync($"consecutive failures, the last: Connect: Connection refused");
        var endpoint = (await Eventually.EndpointsAsync(gateway, all => all[0]!["lastFailure"] is not null))[0]!;
        Assert.Equal("connect", (string?)endpoint["lastFailure"]!["reason"]);
        Assert.Equal(0, (int)endpoint["lastFailure"]!["status"]!);
        Assert.Contains("Connection refused", (string?)endpoint["lastFailure"]!["detail"], StringComparison.Ordinal);
    }
}
