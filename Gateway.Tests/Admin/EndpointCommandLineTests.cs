using System.Globalization;
using Gateway.Actors.Inspection;
using Gateway.Core.Commands;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>Operators' commands on endpoints, on one replica under traffic.</summary>
public sealed class EndpointCommandLineTests
{
    [Fact]
    public async Task A_drained_endpoint_gets_nothing_new_and_the_command_ends_when_the_last_request_has()
    {
        var let = new TaskCompletionSource();
        await using var slow = RawBackend.Start(RawScripts.InTurn(RawScripts.SlowHead(let.Task), RawScripts.Answer()));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([slow.Address, other.Address]);
        var hanging = gateway.AskAsync();
        await slow.WaitForRequestsAsync(1);

        await using var drain = new CommandStream(gateway, $"gateway drain {slow.EndPoint}");
        Assert.Equal(new CommandOutput.Line($"default/http://{slow.EndPoint} is draining"), await drain.NextAsync());
        await drain.NextAsync<CommandOutput.Table>();
        Assert.Equal([(Cell)1.0, "test 1"], (await drain.NextAsync<CommandOutput.Row>()).Cells.AsEnumerable());
        Assert.All(await gateway.AskManyAsync(10), status => Assert.Equal(200, status));
        Assert.Equal((1, 10), (slow.Requests.Count, other.Requests.Count));
        Assert.Equal(("draining", "drained by an operator"), StateOf(gateway, 0));
        let.SetResult();

        (await hanging).AssertPassedOn(200, "late");
        Assert.Equal([(Cell)0.0, "test 0"], (await drain.NextAsync<CommandOutput.Row>()).Cells.AsEnumerable());
        Assert.Equal(new CommandOutput.Line($"default/http://{slow.EndPoint} is drained"), await drain.NextAsync());
        Assert.Equal(new CommandOutput.Done(), await drain.NextAsync());

        await CommandStream.SucceedAsync(gateway, $"gateway undrain {slow.EndPoint}");
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        while (slow.Requests.Count < 2)
        {
            await gateway.AskAsync(cancellation: limit.Token);
        }
    }

    [Fact]
    public async Task A_weight_is_in_force_at_once_until_it_is_reverted()
    {
        await using var backends = new BackendSet(2);
        await using var gateway = await TestGateway.StartAsync(backends.Addresses, pool => pool with { Strategy = Gateway.Core.Balancing.Strategy.Weighted });
        await CommandStream.SucceedAsync(gateway, $"gateway weight {backends[0].EndPoint} 3");
        await gateway.AskManyAsync(40);
        Assert.Equal([30, 10], backends.Counts);
        Assert.Equal([EndpointSource.Override, EndpointSource.Settings], Endpoints(gateway).Select(e => e.Source));

        await CommandStream.SucceedAsync(gateway, $"gateway revert {backends[0].EndPoint}");
        await gateway.AskManyAsync(40);
        Assert.Equal([50, 30], backends.Counts);
        Assert.All(Endpoints(gateway), e => Assert.Equal(EndpointSource.Settings, e.Source));
    }

    [Fact]
    public async Task An_endpoint_is_added_and_removed_and_what_the_settings_have_is_only_covered()
    {
        await using var backends = new BackendSet(2);
        await using var gateway = await TestGateway.StartAsync([backends[0].Address]);
        await CommandStream.SucceedAsync(gateway, $"gateway add http://{backends[1].EndPoint} -z b -w 2");
        await CommandStream.SucceedAsync(gateway, $"gateway remove {backends[0].EndPoint}");
        Assert.All(await gateway.AskManyAsync(5), status => Assert.Equal(200, status));
        Assert.Equal([0, 5], backends.Counts);
        Assert.Equal(
            [(EndpointSource.Added, EndpointState.Available, "b", 2), (EndpointSource.Override, EndpointState.Removed, null, 1)],
            Endpoints(gateway).Select(e => (e.Source, e.State, e.Zone, e.Weight)));

        await CommandStream.SucceedAsync(gateway, $"gateway revert {backends[0].EndPoint}");
        await CommandStream.SucceedAsync(gateway, $"gateway revert {backends[1].EndPoint}");
        await gateway.AskManyAsync(5);
        Assert.Equal([5, 5], backends.Counts);
    }

    [Fact]
    public async Task A_breaker_is_held_open_until_it_is_let_go_and_a_tripped_one_is_closed_at_once()
    {
        await using var failing = RawBackend.Start(RawScripts.Burst(failures: 5));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);
        await CommandStream.SucceedAsync(gateway, $"gateway breaker open {failing.EndPoint}");
        await gateway.LoggedAsync("breaker Closed -> Open (epoch 1): held open by an operator");
        Assert.All(await gateway.AskManyAsync(10), status => Assert.Equal(200, status));
        Assert.Equal((0, 10), (failing.Requests.Count, other.Requests.Count));
        Assert.Null(Endpoints(gateway).First().Breaker.OpenForSeconds);

        await CommandStream.SucceedAsync(gateway, $"gateway breaker auto {failing.EndPoint}");
        await gateway.LoggedAsync("breaker Open -> HalfOpen (epoch 2)");
        await CommandStream.SucceedAsync(gateway, $"gateway breaker close {failing.EndPoint}");
        await gateway.LoggedAsync("breaker HalfOpen -> Closed (epoch 3): closed by an operator");
        await Eventually.IsAsync(() => gateway.Pool.Endpoints[0].Cell.Breaker.IsTrusted); // A closed breaker is doubted until the decision on it is made.
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        while (failing.Requests.Count < 5)
        {
            await gateway.AskAsync(cancellation: limit.Token); // The picker may have it a moment later.
        }

        await gateway.LoggedAsync("breaker Closed -> Open (epoch 4)");
        await gateway.AskManyAsync(10);
        Assert.Equal(5, failing.Requests.Count);
    }

    [Fact]
    public async Task Overrides_by_operators_outlast_a_reload()
    {
        await using var backends = new BackendSet(2);
        await using var gateway = await TestGateway.StartAsync(backends.Addresses);
        await CommandStream.SucceedAsync(gateway, $"gateway drain -b {backends[0].EndPoint}");
        await gateway.ReconfigurePoolAsync(pool => pool with { Strategy = Gateway.Core.Balancing.Strategy.Random });
        await gateway.AskManyAsync(10);
        Assert.Equal([0, 10], backends.Counts);
    }

    [Theory]
    [InlineData("gateway weight {0} 0", "a weight of 0 is out of range; allowed: 1 to 256")]
    [InlineData("gateway weight {0} 257", "a weight of 257 is out of range; allowed: 1 to 256")]
    [InlineData("gateway weight 10.0.0.1:1 5", "unknown endpoint '10.0.0.1:1'")]
    [InlineData("gateway add http://{0}", "default already has http://{0}")]
    [InlineData("gateway add nonsense", "'nonsense' has no scheme; allowed: http://host:port or https://host:port")]
    [InlineData("gateway add http://10.0.0.1:1 -p none", "unknown pool 'none'; pools: default")]
    [InlineData("gateway add http://10.0.0.1:1 -z a/b", "'a/b' is not a zone; allowed: 1 to 64 letters, digits, dots, dashes and underscores")]
    [InlineData("gateway revert {0}", "'{0}' has no overrides")]
    [InlineData("gateway probe now {0}", "pool default has no probes")]
    public async Task An_impossible_command_fails_in_one_line_and_changes_nothing(string line, string why)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        Assert.Equal([new CommandOutput.Failed(With(why))], await CommandStream.RunAsync(gateway, With(line)));
        Assert.Equal(EndpointSource.Settings, Assert.Single(Endpoints(gateway)).Source);

        string With(string text) => string.Format(CultureInfo.InvariantCulture, text, backend.EndPoint);
    }

    [Fact]
    public async Task An_endpoint_that_was_removed_is_not_added_but_reverted()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await CommandStream.SucceedAsync(gateway, $"gateway remove {backend.EndPoint}");
        Assert.Equal(
            [new CommandOutput.Failed($"http://{backend.EndPoint} is in the settings but was removed; use: gateway revert default/http://{backend.EndPoint}")],
            await CommandStream.RunAsync(gateway, $"gateway add http://{backend.EndPoint}"));
    }

    [Fact]
    public async Task A_probe_that_is_asked_for_is_made_and_told()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Health = new() { Interval = TimeSpan.FromHours(1), Probe = new() { Path = "/health" } } });
        await backend.WaitForRequestsAsync(1);
        var outputs = await CommandStream.RunAsync(gateway, $"gateway probe now {backend.EndPoint}");
        Assert.EndsWith("; the verdict is healthy", Assert.IsType<CommandOutput.Line>(outputs[0]).Text, StringComparison.Ordinal);
        Assert.InRange(backend.Requests.Count, 1, 2);
    }

    private static System.Collections.Immutable.ImmutableArray<EndpointReport> Endpoints(TestGateway gateway) => gateway.Services.GetRequiredService<ReplicaInspector>().Endpoints();

    private static (string State, string Reason) StateOf(TestGateway gateway, int index) =>
        Endpoints(gateway).ElementAt(index) is var endpoint ? (endpoint.State.Name(), endpoint.Reason) : default;
}
