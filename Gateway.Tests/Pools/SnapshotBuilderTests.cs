using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Outliers;
using Gateway.Core.Pools;
using Gateway.Core.Zones;

namespace Gateway.Tests.Pools;

/// <summary>What a published snapshot takes from the statuses of its endpoints, from the settings and from the cluster.</summary>
public sealed class SnapshotBuilderTests
{
    private static readonly EndpointStatus Sick = Decided(DecisionKind.Ejected, DecisionReason.OwnProbe);

    [Fact]
    public void Zone_routing_is_that_of_the_first_level_with_load()
    {
        var here = new Replica(new("10.1.0.1:4053", 1), "a", Sidecar: false, ReplicaStatus.Up, Reachable: true, "gateway-1");
        var there = here with { Id = new("10.1.0.2:4053", 1), Zone = "b" };
        var snapshot = Publish(
            [
                .. Enumerable.Range(1, 3).Select(number => Member(number, Sick, zone: "a")),
                .. Enumerable.Range(4, 2).Select(number => Member(number, EndpointStatus.Initial, priority: 1, zone: "a")),
                Member(6, EndpointStatus.Initial, priority: 1, zone: "b"),
            ],
            view: new(here.Id, [here, there]));
        Assert.Equal([(0, 0), (1, 100)], snapshot.Levels.Select(level => (level.Level.Priority, level.Level.Load)));
        Assert.Equal(
            [new ZoneShare("a", Replicas: 1, Healthy: 2, Share: 1), new ZoneShare("b", Replicas: 1, Healthy: 1, Share: 0)],
            Assert.IsType<ZoneRouting.On>(snapshot.Zones).Shares.AsEnumerable());
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(20, 2)]
    [InlineData(40, 4)]
    public void The_share_of_outliers_that_is_ejected_is_that_of_the_settings_or_else_the_default(int? percent, int ejected)
    {
        var outlier = Decided(DecisionKind.Ejected, DecisionReason.Outlier);
        var snapshot = Publish(
            [.. Enumerable.Range(1, 10).Select(number => Member(number, number <= 4 ? outlier : EndpointStatus.Initial))],
            outliers: percent is { } share ? new() { MaxEjectionPercent = share } : null);
        Assert.Equal(ejected, snapshot.Members.Count(member => member.Standing == Standing.Out));
    }

    [Fact]
    public void By_health_a_degraded_endpoint_is_not_picked_while_a_healthy_one_has_room()
    {
        var degraded = EndpointStatus.Initial with { Verdict = new(Verdict.Degraded, Streak: 0) };
        var snapshot = Publish([Member(1, degraded), Member(2, EndpointStatus.Initial)], strategy: Strategy.HealthBased);
        Assert.Equal(TestEndpoints.Id(2), snapshot.Picker.Pick(new(0, 1, TimeSpan.Zero)).Lease.Cell.Id);
    }

    [Fact]
    public void An_endpoint_that_gets_only_trials_is_not_counted_as_healthy_beside_others()
    {
        var snapshot = Publish([Member(1, Decided(DecisionKind.TrialsOnly, DecisionReason.Trial)), Member(2, EndpointStatus.Initial), Member(3, EndpointStatus.Initial)]);
        Assert.Equal((2, 3), (snapshot.Levels[0].Level.Healthy, snapshot.Levels[0].Level.Endpoints));
    }

    [Fact]
    public void A_member_is_copied_only_if_its_standing_changes()
    {
        ImmutableArray<PoolMember> members = [Member(1, Sick), Member(2, EndpointStatus.Initial)];
        var snapshot = Publish(members);
        Assert.Equal((members[0] with { Standing = Standing.Out }, members[1]), (snapshot.Members[0], snapshot.Members[1]));
        Assert.Same(members[1], snapshot.Members[1]);
    }

    private static PoolSnapshot Publish(
        ImmutableArray<PoolMember> members, ClusterView? view = null, OutlierPolicy? outliers = null, Strategy strategy = Strategy.RoundRobin)
    {
        var settings = new PoolSettings { Name = PoolSettings.DefaultName, Endpoints = [.. members.Select(member => member.Settings)], Outliers = outliers, Strategy = strategy };
        return new Pool(settings).Publish(settings, settings, members, view, TimeSpan.Zero).Snapshot;
    }

    private static PoolMember Member(int number, EndpointStatus status, int priority = 0, string? zone = null) => new(
        new(new(TestEndpoints.Id(number), new(), maxInFlight: 10)) { Status = status },
        new(TestEndpoints.Address(number), Priority: priority, Zone: zone));

    private static EndpointStatus Decided(DecisionKind kind, DecisionReason reason) => EndpointStatus.Initial with { Decision = new(kind, reason, []) };
}
