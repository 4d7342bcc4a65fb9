using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Probes: backends that leave the rotation and return, and the effect on clients.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_backend_whose_probe_fails_leaves_the_rotation_and_comes_back()
    {
        var (health, traffic) = (new Status(200), new Status(200));
        await using var moody = RawBackend.Start(Moody(health, traffic));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([moody.Address, other.Address], Probed);
        await gateway.LoggedAsync("verdict Unknown -> Healthy: probe passed", times: 2);

        health.Code = 500;
        await gateway.LoggedAsync("verdict Healthy -> Unhealthy: probe failed: status 500");
        await gateway.LoggedAsync("pool default: 1 of 2 endpoints available");
        await gateway.AskManyAsync(10);
        Assert.Equal((0, 10), (Traffic(moody), Traffic(other)));

        health.Code = 200;
        await gateway.LoggedAsync("verdict Unhealthy -> Healthy: probe passed");
        await gateway.LoggedAsync("pool default: 2 of 2 endpoints available", times: 2);
        await gateway.AskManyAsync(10);
        Assert.Equal((5, 15), (Traffic(moody), Traffic(other)));
        var backend = ("backend", moody.EndPoint.ToString());
        Assert.Equal(1, await gateway.MetricAsync("gateway_health_transitions_total", backend, ("from", "healthy"), ("to", "unhealthy")));
        Assert.Equal(2, await gateway.MetricAsync("gateway_healthy_backends"));
        Assert.True(await gateway.MetricAsync("gateway_health_check_failures_total", backend) >= 3);
    }

    [Fact]
    public async Task With_no_backend_healthy_the_answer_is_503()
    {
        await using var sick = RawBackend.Start(RawScripts.Answer(500));
        await using var gateway = await TestGateway.StartAsync([sick.Address], Probed);
        await gateway.LoggedAsync("pool default: 0 of 1 endpoints available");

        (await gateway.AskAsync()).AssertProblem(503, "destination_unavailable");

        Assert.Equal(0, Traffic(sick));
    }

    [Fact]
    public async Task A_backend_may_die_and_return_without_any_client_noticing()
    {
        await using var mortal = RawBackend.Start(RawScripts.Answer());
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([mortal.Address, other.Address], Probed);
        await gateway.LoggedAsync("verdict Unknown -> Healthy", times: 2);
        var load = Load.Start(gateway);
        await mortal.WaitForRequestsAsync(20);

        await mortal.StopAsync();
        await gateway.LoggedAsync("verdict Healthy -> Unhealthy");
        await gateway.LoggedAsync("pool default: 1 of 2 endpoints available");
        var before = mortal.Requests.Count;
        mortal.Resume();
        await gateway.LoggedAsync("verdict Unhealthy -> Healthy");
        await mortal.WaitForRequestsAsync(before + 20);

        Assert.All(await load.StopAsync(), reply => reply.AssertPassedOn(200, "ok"));
    }

    [Fact]
    public async Task A_backend_that_dies_unprobed_is_found_out_by_traffic_and_taken_back_by_a_trial()
    {
        await using var mortal = RawBackend.Start(RawScripts.Answer());
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [mortal.Address, other.Address],
            pool => pool with { Breaker = new() { Break = TimeSpan.FromMilliseconds(100), MaxBreak = TimeSpan.FromMilliseconds(100) } });
        var load = Load.Start(gateway);
        await mortal.WaitForRequestsAsync(20);

        await mortal.StopAsync();
        await gateway.LoggedAsync("breaker HalfOpen -> Open"); // Detected, and tried in vain.
        var before = mortal.Requests.Count;
        mortal.Resume();
        await gateway.LoggedAsync("breaker HalfOpen -> Closed");
        await mortal.WaitForRequestsAsync(before + 20);

        Assert.All(await load.StopAsync(), reply => reply.AssertPassedOn(200, "ok"));
    }

    [Fact]
    public async Task A_verdict_that_turns_healthy_does_not_wait_for_the_break_to_end()
    {
        var (health, traffic) = (new Status(200), new Status(503));
        await using var moody = RawBackend.Start(Moody(health, traffic));
        await using var gateway = await TestGateway.StartAsync(
            [moody.Address], pool => Probed(pool) with { Breaker = new() { Break = TimeSpan.FromHours(1), MaxBreak = TimeSpan.FromHours(1) } });
        await gateway.LoggedAsync("verdict Unknown -> Healthy");
        await gateway.AskManyAsync(5);
        await gateway.LoggedAsync("breaker Closed -> Open");
        health.Code = 500;
        await gateway.LoggedAsync("verdict Healthy -> Unhealthy");
        await gateway.LoggedAsync("pool default: 0 of 1 endpoints available");

        (health.Code, traffic.Code) = (200, 200);
        await gateway.LoggedAsync("pool default: 1 of 1 endpoints available", times: 2);

        (await gateway.AskAsync()).AssertPassedOn(200, "");
        await gateway.LoggedAsync("breaker HalfOpen -> Closed");
    }

    private static PoolSettings Probed(PoolSettings pool) => pool with
    {
        Health = new() { Interval = TimeSpan.FromMilliseconds(50), Probe = new() { Timeout = TimeSpan.FromSeconds(5) } },
    };

    /// <summary>Answers probes with one status, everything else with the other.</summary>
    private static Func<RawExchange, Task> Moody(Status health, Status traffic) => async exchange =>
    {
        var request = await exchange.ReadRequestAsync();
        await exchange.AnswerAsync((request.Target == "/health" ? health : traffic).Code);
    };

    /// <summary>The number of requests that were not probes.</summary>
    private static int Traffic(RawBackend backend) => backend.Requests.Count(request => request.Target != "/health");

    /// <summary>A backend's current status; the test changes it.</summary>
    private sealed class Status(int code)
    {
        private volatile int _code = code;

        public int Code
        {
            get => _code;
            set => _code = value;
        }
    }
}
