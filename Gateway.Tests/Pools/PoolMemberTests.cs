using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

public sealed class PoolMemberTests
{
    /// <summary>Decisions that differ in what they let an endpoint get.</summary>
    private static readonly (DecisionKind Kind, DecisionReason Reason)[] Decisions =
    [
        (DecisionKind.Available, DecisionReason.Own),
        (DecisionKind.Suspect, DecisionReason.Reported),
        (DecisionKind.TrialsOnly, DecisionReason.Trial),
        (DecisionKind.Ejected, DecisionReason.OwnProbe),
        (DecisionKind.Ejected, DecisionReason.OwnBreaker),
        (DecisionKind.Ejected, DecisionReason.Zone),
        (DecisionKind.Ejected, DecisionReason.Outlier),
    ];

    private static readonly Strategy[] Strategies = [Strategy.RoundRobin, Strategy.LeastConnections, Strategy.P2C, Strategy.Random, Strategy.IpHash, Strategy.Maglev];

    [Theory]
    [InlineData(DecisionKind.Available, DecisionReason.Own, Standing.In, true)]
    [InlineData(DecisionKind.Suspect, DecisionReason.Reported, Standing.Held, true)]
    [InlineData(DecisionKind.TrialsOnly, DecisionReason.Trial, Standing.In, true)]
    [InlineData(DecisionKind.Ejected, DecisionReason.OwnProbe, Standing.Out, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.OwnBreaker, Standing.In, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.Zone, Standing.Out, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.Zone, Standing.In, true)]
    [InlineData(DecisionKind.Ejected, DecisionReason.Outlier, Standing.Out, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.Outlier, Standing.In, true)]
    [InlineData(DecisionKind.Available, DecisionReason.Own, Standing.Out, true)] // It came back, and the next picker will have it.
    public void It_can_be_picked_unless_its_decision_ejects_it_and_the_cap_does_not_keep_it(
        DecisionKind kind, DecisionReason reason, Standing standing, bool can)
    {
        var member = Member(0, kind, reason, draining: false) with { Standing = standing };
        Assert.Equal((can, can), (member.CanBePicked, member.TakesAffinity));
        var drains = member with { Settings = member.Settings with { Draining = true } };
        Assert.Equal((false, can), (drains.CanBePicked, drains.TakesAffinity));
    }

    [Fact]
    public void A_drain_claims_to_be_out_whatever_the_decision_is_and_no_cap_applies() => Assert.All(Decisions, decision =>
        Assert.Equal(new(Standing.Out, IsHearsay: false, Standing.In), Member(0, decision.Kind, decision.Reason, draining: true).ClaimOf(EndpointStatus.Initial with { Decision = new(decision.Kind, decision.Reason, []) })));

    [Fact]
    public void A_sound_endpoint_claims_to_be_in_by_own_evidence() =>
        Assert.Equal(new(Standing.In, IsHearsay: false, Standing.In), Member(0, DecisionKind.Available, DecisionReason.Own, draining: false).ClaimOf(EndpointStatus.Initial));

    [Fact]
    public void A_held_endpoint_claims_to_be_held_by_hearsay_so_that_the_cap_applies()
    {
        var member = Member(0, DecisionKind.Suspect, DecisionReason.Stalled, draining: false);
        var held = member.Endpoint.Status with { Suspicion = Suspicion.None.OnStalled(stalled: true, TimeSpan.Zero, longestHold: TimeSpan.FromSeconds(5)) };
        Assert.Equal(new(Standing.Held, IsHearsay: true, Standing.In), member.ClaimOf(held));
    }

    [Fact]
    public void The_picker_picks_exactly_what_can_be_picked() => Gen.Select(
        Gen.Select(Gen.Int[0, Decisions.Length - 1], Gen.Bool).Array[1, 8], Gen.Int[0, Strategies.Length - 1]).Sample((states, strategy) =>
        {
            ImmutableArray<PoolMember> members = [.. states.Select((state, i) => Member(i, Decisions[state.Item1].Kind, Decisions[state.Item1].Reason, state.Item2))];
            var settings = new PoolSettings { Name = PoolSettings.DefaultName, Endpoints = [.. members.Select(m => m.Settings)], Strategy = Strategies[strategy] };
            var pool = new Pool(settings);
            var publication = pool.Publish(settings, settings, members, view: null, TimeSpan.Zero);
            Assert.Equal(pool.Snapshot.Available, publication.Available);

            // Each is tried once, so that a pick of all endpoints in turn ends when none is left.
            var (tried, picked) = (new TriedEndpoints(), new HashSet<EndpointId>());
            while (pool.Snapshot.Picker.Pick(new(0, 1, TimeSpan.Zero, tried)) is { Kind: PickKind.Picked } pick)
            {
                picked.Add(pick.Lease.Cell.Id);
                tried.Add(pick.Lease.Cell);
            }

            Assert.Equal(pool.Snapshot.Members.Where(m => m.CanBePicked).Select(m => m.Id).ToHashSet(), picked);
        });

    private static PoolMember Member(int number, DecisionKind kind, DecisionReason reason, bool draining)
    {
        var settings = new EndpointSettings(TestEndpoints.Address(number)) { Draining = draining };
        var endpoint = new Endpoint(new(new(PoolSettings.DefaultName, settings.Address), new(), maxInFlight: 10))
        {
            Status = EndpointStatus.Initial with { Decision = new(kind, reason, []) },
        };
        return new(endpoint, settings);
    }
}
