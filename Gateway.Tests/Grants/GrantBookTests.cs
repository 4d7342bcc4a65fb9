using Gateway.Core.Addressing;
using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Tests.Grants;

/// <summary>The book of a replica, r0, that grants the trials of two endpoints to three replicas.</summary>
public sealed class GrantBookTests
{
    private static readonly Replica[] Replicas = GranterTests.Replicas(3);
    private static readonly (ReplicaId A, ReplicaId B, ReplicaId C) Ids = (Replicas[0].Id, Replicas[1].Id, Replicas[2].Id);
    private static readonly EndpointId[] Endpoints = [.. GrantedBy(0, Replicas).Take(2)];

    private GrantBook _book = GrantBook.Empty;
    private TimeSpan _now = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_new_granter_grants_once_holders_from_before_have_had_the_time_to_announce_themselves()
    {
        See(Replicas);
        Assert.Equal([new(Endpoints[0], new GrantEffect.Queue(Ids.B, 1))], Ask(Endpoints[0], Ids.B));
        Assert.Empty(Pass(GrantBook.Settling - TimeSpan.FromTicks(1)));
        Assert.Equal([new(Endpoints[0], new GrantEffect.Give(Ids.B, 1))], Pass(TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Only_other_gateways_make_the_granter_wait_again()
    {
        Settle(Replicas);
        See([.. Replicas, GranterTests.Replicas(4)[3] with { Sidecar = true }]);
        Assert.Equal([new(Endpoints[0], new GrantEffect.Give(Ids.B, 1))], Ask(Endpoints[0], Ids.B));
        See(Replicas[..2]);
        Assert.Equal([new(Endpoints[1], new GrantEffect.Queue(Ids.B, 1))], Ask(Endpoints[1], Ids.B));
    }

    [Fact]
    public void Each_endpoint_has_a_grant_of_its_own()
    {
        Settle(Replicas);
        Assert.Equal([new(Endpoints[0], new GrantEffect.Give(Ids.A, 1))], Ask(Endpoints[0], Ids.A));
        Assert.Equal([new(Endpoints[1], new GrantEffect.Give(Ids.B, 1))], Ask(Endpoints[1], Ids.B));
        Assert.Equal([new(Endpoints[0], new GrantEffect.Queue(Ids.C, 1))], Ask(Endpoints[0], Ids.C));
        Assert.Equal(
            [
                new(Endpoints[0], new GrantEffect.Expired(Ids.A)), new(Endpoints[0], new GrantEffect.Give(Ids.C, 1)),
                new(Endpoints[1], new GrantEffect.Expired(Ids.B)),
            ],
            Pass(GrantLine.UnusedLimit));
    }

    [Fact]
    public void A_grant_in_use_does_not_expire_with_the_unused_ones()
    {
        Settle(Replicas);
        Ask(Endpoints[0], Ids.A);
        Ask(Endpoints[1], Ids.B);
        _book = _book.OnUsed(Endpoints[0], Ids.A, 1, _now);
        Assert.Equal([new(Endpoints[1], new GrantEffect.Expired(Ids.B))], Pass(GrantLine.UnusedLimit));
    }

    [Fact]
    public void An_endpoint_is_in_the_book_while_a_replica_wants_to_try_it()
    {
        Settle(Replicas);
        Ask(Endpoints[0], Ids.A);
        Assert.Equal(Endpoints[0], Assert.Single(_book.Lines.Keys));
        Assert.Empty(Take(_book.OnEnd(Endpoints[0], Ids.A, 1, GrantEnd.Failed, _now)));
        Assert.Empty(_book.Lines);
    }

    [Fact]
    public void A_holder_out_of_reach_loses_its_grant_and_the_granter_itself_is_never_out_of_reach()
    {
        Settle(Replicas);
        Ask(Endpoints[0], Ids.A);
        Ask(Endpoints[1], Ids.B);
        Assert.Equal(
            [new(Endpoints[1], new GrantEffect.Expired(Ids.B))],
            See([.. Replicas[..2].Select(replica => replica with { Reachable = false }), Replicas[2]]));
    }

    [Fact]
    public void An_endpoint_that_another_replica_grants_from_now_on_is_dropped()
    {
        var kept = Endpoints[0];
        var lost = GrantedBy(2, Replicas).First(endpoint => Granter.Of(endpoint, View(Replicas[..2])) == Ids.A);
        Settle(Replicas[..2]);
        Ask(kept, Ids.B);
        Ask(lost, Ids.B);
        Assert.Empty(See(Replicas));
        Assert.Equal(kept, Assert.Single(_book.Lines.Keys));
    }

    private static IEnumerable<EndpointId> GrantedBy(int granter, Replica[] replicas) =>
        Enumerable.Range(1, 200).Select(n => TestEndpoints.Id(n)).Where(endpoint => Granter.Of(endpoint, View(replicas)) == replicas[granter].Id);

    private static ClusterView View(Replica[] replicas) => new(replicas[0].Id, replicas);

    private void Settle(Replica[] replicas)
    {
        See(replicas);
        _now += GrantBook.Settling;
    }

    private EndpointGrantEffect[] See(Replica[] replicas) => Take(_book.OnView(View(replicas), _now));

    private EndpointGrantEffect[] Ask(EndpointId endpoint, ReplicaId replica) => Take(_book.OnAsk(endpoint, new(replica, 1, TimeSpan.FromSeconds(30)), _now));

    private EndpointGrantEffect[] Pass(TimeSpan time)
    {
        _now += time;
        return Take(_book.OnTime(_now));
    }

    /// <summary>Goes on with the next book, and returns the effects in the order of <see cref="Endpoints"/>.</summary>
    private EndpointGrantEffect[] Take(GrantStep step)
    {
        _book = step.Next;
        return [.. step.Effects.OrderBy(effect => Array.IndexOf(Endpoints, effect.Endpoint))];
    }
}
