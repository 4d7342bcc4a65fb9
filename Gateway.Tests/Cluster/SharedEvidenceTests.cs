using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;

namespace Gateway.Tests.Cluster;

/// <summary>Three replicas of a real cluster, one in each zone, and an endpoint that one of them finds bad.</summary>
[Collection(nameof(ClusterTests))]
public sealed class SharedEvidenceTests : IAsyncLifetime
{
    private const int Bad = 1;
    private const int Endpoints = 4;

    private static readonly PoolSettings Settings = new()
    {
        Name = PoolSettings.DefaultName,
        Endpoints = [.. Enumerable.Range(1, Endpoints).Select(i => new EndpointSettings(TestEndpoints.Address(i)))],
    };

    private readonly ReservedPort[] _ports = [new(), new(), new()];
    private readonly List<ServingReplica> _replicas = [];

    private ServingReplica First => _replicas[0];

    private IEnumerable<ServingReplica> Others => _replicas.Skip(1);

    public async Task InitializeAsync()
    {
        _replicas.AddRange(await ServingReplica.StartAsync(Settings, (_ports[0], "a"), (_ports[1], "b"), (_ports[2], "c")));
        await Task.WhenAll(_replicas.Select(replica => replica.UntilAsync(r => r.Pool.Endpoints.All(e => e.Status.Verdict.Verdict == Verdict.Healthy))));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        Array.ForEach(_ports, port => port.Dispose());
    }

    [Fact]
    public async Task A_dead_endpoint_is_out_on_all_replicas_once_one_has_tripped()
    {
        _replicas.ForEach(replica => replica.Replica.Probe.Sicken(Bad));
        Assert.Equal(5, First.Exhaust(Bad));
        foreach (var other in Others)
        {
            await other.UntilAsync(r => r.StatusOf(Bad).Decision is { Kind: DecisionKind.Ejected, Reason: DecisionReason.OwnProbe });
            Assert.Equal(BreakerPhase.Closed, other.StatusOf(Bad).Breaker); // No request of theirs failed.
        }
    }

    [Fact]
    public async Task A_replica_that_alone_cannot_reach_an_endpoint_costs_the_others_no_share_of_it()
    {
        First.Replica.Probe.Sicken(Bad);
        First.Exhaust(Bad);
        foreach (var other in Others)
        {
            await other.UntilAsync(r => r.StatusOf(Bad).Suspicion.Reported && !r.StatusOf(Bad).IsHeld);
            await other.UntilAsync(r => r.Send(_ => Outcome.Success) == Bad);
            var picks = Enumerable.Range(0, 400).Select(i => other.Send(_ => Outcome.Success, (ulong)i)).CountBy(number => number!.Value).ToDictionary();
            Assert.All(picks.Values, count => Assert.InRange(count, 95, 105));
            Assert.Equal(Endpoints, picks.Count);

            // By now their own traffic has dismissed the report.
            await other.UntilAsync(r => r.DecisionOn(Bad) == DecisionKind.Available);
            Assert.DoesNotContain(other.Replica.Endpoints.Decisions, decision => decision.Kind == DecisionKind.Ejected);
        }

        Assert.Equal(DecisionKind.Ejected, First.DecisionOn(Bad));
    }

    [Fact]
    public async Task An_endpoint_that_fails_traffic_and_passes_probes_costs_each_other_replica_one_attempt()
    {
        Assert.Equal(5, First.Exhaust(Bad));
        foreach (var other in Others)
        {
            await other.UntilAsync(r => r.DecisionOn(Bad) == DecisionKind.Suspect && !r.StatusOf(Bad).IsHeld);
            var cell = other.EndpointAt(Bad).Cell;
            Assert.Equal(Admission.Granted, cell.TryLease(out var only));
            Assert.Equal(Admission.Full, cell.TryLease(out _));
            only.Report(Outcome.Failure, FailureReason.Status);
            only.Release();
            Assert.Equal(Admission.Refused, cell.TryLease(out _));
        }
    }
}
