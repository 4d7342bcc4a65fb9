using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Evidence;
using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Cluster;

/// <summary>Real cluster systems in this process, on loopback.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly List<TestReplica> _replicas = [];
    private readonly ReservedPort[] _ports = [new(), new(), new()];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        Array.ForEach(_ports, port => port.Dispose());
    }

    [Fact]
    public async Task Three_replicas_form_one_cluster_know_each_others_zones_and_names_and_see_one_leave()
    {
        var a = Start(0);
        await a.SeesGatewaysAsync(1); // On a busy machine the others could form the cluster before the first seed does.
        var (b, c) = (Start(1), Start(2));
        await Task.WhenAll(a.SeesGatewaysAsync(3), b.SeesGatewaysAsync(3), c.SeesGatewaysAsync(3));
        var view = await a.SeesAsync(v => v.Replicas.All(r => r.Name.StartsWith("gateway-", StringComparison.Ordinal)));
        Assert.Equal(["gateway-a", "gateway-b", "gateway-c"], view.Gateways.Select(r => r.Name).Order());
        Assert.Equal(["a", "b", "c"], view.GatewaysByZone.Keys);
        Assert.Equal(a.Id, view.Oldest);
        Assert.NotNull(view.Leader);

        await c.LeaveAsync();
        Assert.Equal([a.Id, b.Id], (await a.SeesGatewaysAsync(2)).Gateways.Select(r => r.Id).OrderBy(id => id == b.Id));
        await b.SeesGatewaysAsync(2);
        Assert.Empty(a.Observer.Rejoined.Concat(b.Observer.Rejoined).Concat(c.Observer.Rejoined));
    }

    [Fact]
    public async Task A_dead_first_seed_does_not_keep_the_others_from_forming()
    {
        var b = Start(1);
        var c = Start(2);
        await b.SeesGatewaysAsync(2);
        await c.SeesGatewaysAsync(2);

        var late = Start(0);
        await late.SeesGatewaysAsync(3);
    }

    [Fact]
    public async Task A_sidecar_joins_and_counts_in_nothing()
    {
        var a = Start(0);
        var sidecar = Start(1, options => options with { Sidecar = true });
        var view = await a.SeesAsync(v => v.Replicas.Length == 2 && v.Replicas.All(r => r.Status == ReplicaStatus.Up));
        Assert.Equal([a.Id], view.Gateways.Select(r => r.Id));
        await sidecar.SeesAsync(v => v.Self.Id.Uid != 0);
        Assert.True(view.Find(sidecar.Id)!.Sidecar);
    }

    [Fact]
    public async Task A_cluster_system_that_ends_by_itself_is_made_again_and_joins_as_another_life()
    {
        var (a, b, c) = await StartThreeAsync();
        var first = b.Id;
        await b.CrashAsync();
        await b.SeesAsync(v => v.Self.Id != first && v.ReachableGateways.Length == 3);
        Assert.Equal(first.Address, b.Id.Address);
        Assert.Equal([RejoinReason.Failed], b.Observer.Rejoined);
        await a.SeesAsync(v => v.Find(first) is null && v.ReachableGateways.Length == 3);
        await c.SeesAsync(v => v.Find(first) is null && v.ReachableGateways.Length == 3);
    }

    [Fact]
    public async Task One_that_was_cut_off_is_given_up_serves_alone_and_joins_again_when_the_cut_is_mended()
    {
        var (a, b, c) = await StartThreeAsync();
        await CutAsync(a, b, c);

        // The majority continues without it; it neither stays a member nor forms its own cluster, although it is the first seed.
        await b.SeesGatewaysAsync(2);
        await c.SeesGatewaysAsync(2);
        await a.NextLifeAsync();
        Assert.Equal((1, 0), (a.Views.Current.Replicas.Length, a.Id.Uid));
        Assert.Contains(RejoinReason.Downed, a.Observer.Rejoined);

        await MendAsync(a, b, c);
        await Task.WhenAll(a.SeesGatewaysAsync(3), b.SeesGatewaysAsync(3), c.SeesGatewaysAsync(3));
        Assert.Equal(b.Views.Current.Oldest, a.Views.Current.Oldest);
        Assert.Empty(b.Observer.Rejoined.Concat(c.Observer.Rejoined));
    }

    [Fact]
    public async Task A_cluster_that_was_given_up_on_every_side_comes_back()
    {
        var (a, b, c) = await StartThreeAsync();
        await Task.WhenAll(CutAsync(a, b, c), CutAsync(b, c));
        await Task.WhenAll(a.NextLifeAsync(), b.NextLifeAsync(), c.NextLifeAsync());
        await Task.WhenAll(MendAsync(a, b, c), MendAsync(b, c));
        await Task.WhenAll(a.SeesGatewaysAsync(3), b.SeesGatewaysAsync(3), c.SeesGatewaysAsync(3));
    }

    [Fact]
    public async Task Two_clusters_of_the_same_seeds_become_one_and_the_smaller_yields()
    {
        var a = Start(0);
        var b = Start(1);
        await Task.WhenAll(a.SeesGatewaysAsync(2), b.SeesGatewaysAsync(2));

        // It considers itself the first seed, like a first seed restarted inside a partition.
        var c = TestReplica.Start(_ports[2], [_ports[2], _ports[0], _ports[1]], "c", options => options with { Times = options.Times with { Seek = new() { First = TimeSpan.Zero } } });
        _replicas.Add(c);
        await Task.WhenAll(a.SeesGatewaysAsync(3), b.SeesGatewaysAsync(3), c.SeesGatewaysAsync(3));
        Assert.Empty(a.Observer.Rejoined.Concat(b.Observer.Rejoined));
    }

    [Fact]
    public async Task A_smaller_cluster_that_holds_all_its_seeds_yields_when_it_is_asked()
    {
        // Like replicas that outlived the seed's death: a cluster of two, unknown to that seed when it starts again.
        var others = new[] { 1, 2 }.Select(i => TestReplica.Start(
            _ports[i], [_ports[1], _ports[2], _ports[0]], "b", options => options with { Times = options.Times with { AskAlone = TimeSpan.FromMilliseconds(50), Seek = new() { First = TimeSpan.Zero } } })).ToList();
        _replicas.AddRange(others);
        await Task.WhenAll(others.Select(r => r.SeesGatewaysAsync(2)));
        var seed = TestReplica.Start(_ports[0], [_ports[0]], "a");
        _replicas.Add(seed);

        await Task.WhenAll(_replicas.Select(r => r.SeesGatewaysAsync(3)));
        await Eventually.IsAsync(() => !seed.Observer.Rejoined.IsEmpty);
        Assert.Equal([RejoinReason.Yielded], seed.Observer.Rejoined.Distinct());
        Assert.All(others, other => Assert.Empty(other.Observer.Rejoined));
    }

    [Fact]
    public async Task A_link_that_crashed_tells_and_hears_again_without_a_change_of_membership()
    {
        var (a, b, _) = await StartThreeAsync();
        await a.CrashLinkAsync();
        await Eventually.IsAsync(() =>
        {
            a.Actor.Tell(new SendToReplica(b.Id, new EvidenceBeat(7)));
            b.Actor.Tell(new SendToReplica(a.Id, new EvidenceBeat(7)));
            return a.Heard.Count > 0 && b.Heard.Count > 0;
        });
        Assert.Empty(a.Observer.Rejoined);
    }

    [Fact]
    public async Task An_address_without_a_port_is_refused_and_crashes_nobody()
    {
        var waiting = Start(1);
        await waiting.NextLifeAsync();
        var why = "";
        await Eventually.IsAsync(() =>
        {
            why = Assert.IsType<ClusterAnswer.Refused>(waiting.Actor.Ask<ClusterAnswer>(new JoinCluster("foo"), TestReplica.WaitTimeout).GetAwaiter().GetResult()).Why;
            return !why.Contains("not in a cluster now", StringComparison.Ordinal);
        });
        Assert.Equal("'foo' is not a cluster address; allowed: host:port", why);
        Assert.Empty(waiting.Observer.Rejoined);

        var first = TestReplica.Start(_ports[0], [_ports[0]], "a");
        _replicas.Add(first);
        await first.SeesAsync(v => v.Self.Id.Uid != 0);
        Assert.IsType<ClusterAnswer.Begun>(await waiting.Actor.Ask<ClusterAnswer>(new JoinCluster(first.Address), TestReplica.WaitTimeout));
        await waiting.SeesGatewaysAsync(2);
    }

    [Fact]
    public async Task Over_mutual_TLS_replicas_of_one_authority_form_a_cluster_and_one_of_a_foreign_authority_is_refused()
    {
        using var files = new TemporaryFiles(TestCertificates.Files);
        var a = Start(0, options => options with { Tls = new(files["a.crt"], files["a.key"], files["ca.crt"]) });
        var b = Start(1, options => options with { Tls = new(files["b.crt"], files["b.key"], files["ca.crt"]) });
        await Task.WhenAll(a.SeesGatewaysAsync(2), b.SeesGatewaysAsync(2));

        // It is at the address of a seed, and has valid certificates of another authority.
        var stranger = Start(2, options => options with { Tls = new(files["stranger.crt"], files["stranger.key"], files["strangers-ca.crt"]) });
        await Task.WhenAll(new[] { a, b, stranger }.Select(r => r.LoggedAsync("cluster: mutual TLS with")));
        Assert.Single(stranger.Views.Current.Replicas);
        await a.SeesGatewaysAsync(2);
        Assert.Empty(a.Observer.Rejoined.Concat(b.Observer.Rejoined).Concat(stranger.Observer.Rejoined));
    }

    [Theory]
    [InlineData(LinkActor.Name)]
    [InlineData("membership")]
    public async Task An_actor_of_the_cluster_that_ends_raises_the_alarm_and_is_made_again(string kind)
    {
        var (a, b) = (Start(0), Start(1));
        await Task.WhenAll(a.SeesGatewaysAsync(2), b.SeesGatewaysAsync(2));

        await a.EndAsync(kind);
        await a.LoggedAsync($"the {kind} actor stopped");
        await a.LoggedAsync($"the {kind} actor is running again");

        var c = Start(2);
        await a.SeesAsync(v => v.ReachableGateways.Length == 3 && v.Replicas.All(r => r.Name.StartsWith("gateway-", StringComparison.Ordinal)));
        await c.SeesGatewaysAsync(3);
        Assert.Equal((1L, true), (a.Environment.Vitals.Crashes[kind], a.Environment.Vitals.AllUp));
    }

    private TestReplica Start(int index, Func<ClusterOptions, ClusterOptions>? change = null)
    {
        var replica = TestReplica.Start(_ports[index], _ports, ((char)('a' + index)).ToString(), change);
        _replicas.Add(replica);
        return replica;
    }

    private async Task<(TestReplica A, TestReplica B, TestReplica C)> StartThreeAsync()
    {
        var (a, b, c) = (Start(0), Start(1), Start(2));
        await Task.WhenAll(a.SeesGatewaysAsync(3), b.SeesGatewaysAsync(3), c.SeesGatewaysAsync(3));
        await Task.WhenAll(a.NextLifeAsync(), b.NextLifeAsync(), c.NextLifeAsync());
        return (a, b, c);
    }

    private static Task CutAsync(TestReplica one, params TestReplica[] others) =>
        Task.WhenAll(others.SelectMany(other => new[] { one.CutAsync(other), other.CutAsync(one) }));

    private static Task MendAsync(TestReplica one, params TestReplica[] others) =>
        Task.WhenAll(others.SelectMany(other => new[] { one.MendAsync(other), other.MendAsync(one) }));
}
