using Gateway.Core.Cells;
using Gateway.Core.Membership;

namespace Gateway.Tests.Actors;

public sealed class SharedConcurrencyTests : ActorTest
{
    [Fact]
    public async Task Each_gateway_takes_its_part_of_the_limit()
    {
        await ConfigureAsync(Settings(2) with { MaxConcurrency = 10 });
        Assert.Equal(10, Room(1));
        await ClusterAsync("a", "b", "c");
        Assert.Equal(4, Room(1));
    }

    [Fact]
    public async Task An_endpoints_own_limit_wins_and_the_connections_bound_both()
    {
        var settings = Settings(2) with { MaxConcurrency = 10, Connections = new() { Max = 12 } };
        await ConfigureAsync(settings with
        {
            Endpoints = [settings.Endpoints[0] with { MaxConcurrency = 4 }, settings.Endpoints[1] with { MaxConcurrency = 1_000 }],
        });
        await ClusterAsync("a", "b");
        Assert.Equal((2, 12), (Room(1), Room(2)));
    }

    [Fact]
    public async Task A_split_does_not_let_its_sides_grow_into_each_others_part_until_it_has_lasted_ten_minutes()
    {
        await ConfigureAsync(Settings(1) with { MaxConcurrency = 12 });
        await ClusterAsync("a", "b", "c", "a", "b", "c");
        Assert.Equal(2, Room(1));
        await ClusterAsync("a", "b", "c");
        Assert.Equal(2, Room(1));
        await ConfigureAsync(Settings(1) with { MaxConcurrency = 18 });
        Assert.Equal(3, Room(1));
        await AdvanceAsync(RecentMaximum.Window);
        await AdvanceAsync(TimeSpan.Zero);
        Assert.Equal(6, Room(1));
    }

    [Fact]
    public async Task Neither_sidecars_nor_being_out_of_reach_change_a_gateways_part()
    {
        await ConfigureAsync(Settings(1) with { MaxConcurrency = 12 });
        await ClusterAsync("a", "b", "c");
        var view = Views.Current;
        await SeeAsync(new(view.Self.Id, view.Replicas.Select(replica => replica with { Reachable = replica == view.Self })
            .Append(new(new("sidecar", 9), "a", Sidecar: true, ReplicaStatus.Up, Reachable: true, "sidecar"))));
        Assert.Equal(4, Room(1));
    }

    [Fact]
    public async Task Without_a_limit_connections_alone_count()
    {
        await ConfigureAsync(Settings(1) with { Connections = new() { Max = 7 } });
        await ClusterAsync("a", "b", "c");
        Assert.Equal(7, Room(1));
    }

    /// <summary>The number of attempts that the endpoint takes before it is full.</summary>
    private int Room(int number)
    {
        var leases = new List<Lease>();
        while (EndpointAt(number).Cell.TryLease(out var lease) == Admission.Granted)
        {
            leases.Add(lease);
        }

        leases.ForEach(lease => lease.Release());
        return leases.Count;
    }
}
