using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;

namespace Gateway.Tests.Cluster;

/// <summary>Five replicas of a real cluster, all with an open breaker for one endpoint.</summary>
[Collection(nameof(ClusterTests))]
public sealed class TrialTurnTests : IAsyncLifetime
{
    private const int Broken = 1;

    private static readonly PoolSettings Settings = new()
    {
        Name = PoolSettings.DefaultName,
        Endpoints = [.. Enumerable.Range(1, 4).Select(i => new EndpointSettings(TestEndpoints.Address(i)))],
        Breaker = new() { Break = TimeSpan.FromMilliseconds(100), MaxBreak = TimeSpan.FromMilliseconds(200) },
        Timeouts = new() { Request = TimeSpan.FromSeconds(5) },
    };

    private readonly ReservedPort[] _ports = [.. Enumerable.Range(0, 5).Select(_ => new ReservedPort())];
    private readonly List<ServingReplica> _replicas = [];

    public async Task InitializeAsync()
    {
        _replicas.AddRange(await ServingReplica.StartAsync(Settings, [.. _ports.Select(port => (port, "a"))]));
        Assert.All(_replicas, replica => Assert.InRange(replica.Exhaust(Broken), 1, 5));
        await Task.WhenAll(_replicas.Select(replica => replica.UntilAsync(r => r.StatusOf(Broken).Breaker == BreakerPhase.HalfOpen)));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        Array.ForEach(_ports, port => port.Dispose());
    }

    [Fact]
    public async Task One_trial_is_out_at_a_time_and_one_success_closes_all_breakers_without_a_flood()
    {
        // Each replica gets its turn; all trials fail.
        await Task.WhenAll(_replicas.Select(async replica =>
        {
            var trial = await TrialAsync(replica);
            Assert.Equal(1, _replicas.Sum(r => r.EndpointAt(Broken).Cell.Breaker.Trials));
            trial.Report(Outcome.Failure, FailureReason.Status);
            trial.Release();
        }));

        var success = await TrialAsync(_replicas[3]);
        Assert.All(_replicas.Where(r => r != _replicas[3]), replica => Assert.Equal(Admission.Refused, replica.EndpointAt(Broken).Cell.TryLease(out _)));
        success.Report(Outcome.Success);
        success.Release();
        foreach (var replica in _replicas)
        {
            await replica.UntilAsync(r => r.StatusOf(Broken) is { Breaker: BreakerPhase.Closed, EasedFrom: not null });
        }

        // Until the others have reported theirs as closed, their majority still counts against it here.
        await _replicas[3].UntilAsync(r => r.EndpointAt(Broken).Cell.Breaker.IsTrusted);
        var others = _replicas.Where(replica => replica != _replicas[3]).ToList();
        Assert.All(others, replica => Assert.Equal(BreakerTrust.Doubted, replica.EndpointAt(Broken).Cell.Breaker.Trust));
        Assert.All(others, replica => Assert.Equal(1, replica.Exhaust(Broken)));
    }

    [Fact]
    public async Task When_the_holder_is_lost_in_the_middle_of_its_trial_another_gets_the_next()
    {
        var hung = await TrialAsync(_replicas[1]);
        var lost = _replicas[1].Replica;
        await Task.WhenAll(_replicas.Select(r => r.Replica).Where(r => r != lost).SelectMany(r => new[] { r.CutAsync(lost), lost.CutAsync(r) }));
        var next = await TrialAsync(_replicas[2]);
        next.Report(Outcome.Success);
        next.Release();
        foreach (var replica in _replicas.Where(r => r.Replica != lost))
        {
            await replica.UntilAsync(r => r.StatusOf(Broken).Breaker == BreakerPhase.Closed);
        }

        // A disconnected replica uses its own permits.
        hung.Report(Outcome.Failure, FailureReason.Timeout);
        hung.Release();
        await _replicas[1].UntilAsync(r => r.StatusOf(Broken).Breaker == BreakerPhase.HalfOpen);
        (await TrialAsync(_replicas[1])).Release();
    }

    /// <summary>Sends requests to the broken endpoint until one is admitted.</summary>
    private static async Task<Lease> TrialAsync(ServingReplica replica)
    {
        var trial = default(Lease);
        await replica.UntilAsync(
            r => r.DecisionOn(Broken) == DecisionKind.TrialsOnly && r.EndpointAt(Broken).Cell.TryLease(out trial) == Admission.Granted, "gets a trial");
        Assert.True(trial.IsTrial);
        return trial;
    }
}
