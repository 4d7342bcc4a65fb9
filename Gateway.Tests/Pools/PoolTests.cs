using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

public sealed class PoolTests
{
    private static readonly PoolSettings Two = new() { Name = PoolSettings.DefaultName, Endpoints = [new(TestEndpoints.Address(1)), new(TestEndpoints.Address(2))] };
    private static readonly PoolSettings TwoByChance = Two with { Strategy = Strategy.Random };

    private readonly Pool _pool = new(Two);

    [Fact]
    public void A_new_pool_has_its_settings_and_picks_nothing_until_it_is_published()
    {
        Assert.Equal((Two, 0, true), (_pool.Snapshot.Settings, _pool.Snapshot.Available, _pool.Snapshot.Members.IsEmpty));
        Assert.Same(EmptyPicker.Instance, _pool.Snapshot.Picker);
        Assert.Empty(_pool.Snapshot.Levels);
        Assert.Equal("off: the pool has no endpoints", _pool.Snapshot.Zones.Text);
        Publish(Two);
        Assert.Equal((2, 1), (_pool.Snapshot.Available, _pool.Snapshot.Levels.Length));
        Assert.IsType<RotatingPicker>(_pool.Snapshot.Picker);
    }

    [Fact]
    public void A_snapshot_stays_as_it_was_published()
    {
        Publish(Two);
        var before = _pool.Snapshot;
        Publish(TwoByChance with { Endpoints = [Two.Endpoints[0] with { Draining = true }] });
        Assert.Equal((Two, 2, 2), (before.Settings, before.Members.Length, before.Available));
        Assert.IsType<RotatingPicker>(before.Picker);
        Assert.Equal((1, 0), (_pool.Snapshot.Members.Length, _pool.Snapshot.Available));
    }

    [Fact]
    public void The_edition_grows_with_the_policies_and_not_with_the_endpoints()
    {
        Publish(Two);
        Assert.Equal(0, _pool.Snapshot.Edition);
        Publish(Two with { Endpoints = [new(TestEndpoints.Address(3))] });
        Assert.Equal(0, _pool.Snapshot.Edition);
        Publish(TwoByChance);
        Assert.Equal(1, _pool.Snapshot.Edition);
        _pool.Publish(view: null, TimeSpan.Zero);
        Assert.Equal((1, TwoByChance), (_pool.Snapshot.Edition, _pool.Snapshot.Settings));
    }

    [Fact]
    public void A_list_of_members_made_again_is_another_list_even_for_the_same_settings()
    {
        Publish(Two);
        var first = _pool.Snapshot;
        Publish(Two with { Endpoints = [Two.Endpoints[0]] });
        Publish(Two);
        var again = _pool.Snapshot;
        _pool.Publish(view: null, TimeSpan.Zero);
        Assert.Equal((false, true), (_pool.Snapshot.HasPlacesOf(first), _pool.Snapshot.HasPlacesOf(again)));
    }

    [Fact]
    public void A_request_picks_from_the_newest_snapshot_as_long_as_the_policies_are_those_it_began_with()
    {
        Publish(Two);
        var begun = _pool.Snapshot;
        Publish(Two with { Endpoints = [Two.Endpoints[0], Two.Endpoints[1] with { Draining = true }] });
        Assert.Same(_pool.Snapshot, _pool.NewestFor(begun));
        begun = _pool.Snapshot;
        Publish(TwoByChance);
        Assert.Same(begun, _pool.NewestFor(begun));
        Assert.Same(_pool.Snapshot, _pool.NewestFor(null));
    }

    [Fact]
    public void The_configured_settings_are_published_with_those_in_force()
    {
        var drained = Two with { Endpoints = [Two.Endpoints[0], Two.Endpoints[1] with { Draining = true }] };
        _pool.Publish(drained, Two, MembersOf(drained), view: null, TimeSpan.Zero);
        Assert.Equal((drained, Two), (_pool.Snapshot.Settings, _pool.Snapshot.Configured));
    }

    [Fact]
    public void A_new_pool_knows_the_configured_settings_beside_those_in_force()
    {
        Assert.Equal((TwoByChance, Two), (new Pool(TwoByChance, Two).Snapshot.Settings, new Pool(TwoByChance, Two).Snapshot.Configured));
        Assert.Equal(Two, _pool.Snapshot.Configured);
    }

    [Fact]
    public void An_endpoint_is_found_in_the_snapshots_that_have_it()
    {
        Publish(Two);
        var (before, endpoint) = (_pool.Snapshot, _pool.Snapshot.Members[1].Endpoint);
        Publish(Two);
        Assert.Equal((before.Members[1], null), (before.Find(endpoint), _pool.Snapshot.Find(endpoint)));
    }

    [Fact]
    public void A_publication_tells_claims_availability_and_slow_start()
    {
        var members = MembersOf(Two);
        members[0].Endpoint.Status = EndpointDecision.OnProbe(EndpointStatus.Initial, ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused"), HealthPolicy.Default, TimeSpan.Zero).Status;
        members[1].Endpoint.Status = EndpointStatus.Initial with { SlowStartFrom = TimeSpan.FromSeconds(100) };
        var publication = _pool.Publish(Two with { SlowStart = new() { Window = TimeSpan.FromSeconds(10) } }, Two, members, view: null, TimeSpan.FromSeconds(101));
        Assert.Equal((1, true), (publication.Available, publication.IsInSlowStart));
        Assert.Equal([Standing.Out, Standing.In], publication.Claims.Select(claim => claim.Wanted));
        Assert.Equal([Standing.Out, Standing.In], publication.Snapshot.Members.Select(member => member.Standing));
        Assert.Same(publication.Snapshot, _pool.Snapshot);
        Assert.False(_pool.Publish(view: null, TimeSpan.FromSeconds(110)).IsInSlowStart);
    }

    private void Publish(PoolSettings settings) => _pool.Publish(settings, settings, MembersOf(settings), view: null, TimeSpan.Zero);

    private static ImmutableArray<PoolMember> MembersOf(PoolSettings settings) =>
        [.. settings.Endpoints.Select(endpoint => new PoolMember(new(new(new(settings.Name, endpoint.Address), settings.Breaker, maxInFlight: 10)), endpoint))];
}
