using System.Collections.Immutable;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>When a replica is ready while its cluster cannot be reached.</summary>
public sealed class SidecarReadyTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_gateway_waits_for_the_cluster_for_five_seconds_and_no_longer()
    {
        var state = Start(sidecar: false);
        Assert.False(state.Ready);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(state.Ready);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(state.Ready);
    }

    [Fact]
    public void A_sidecar_does_not_wait_for_the_cluster_once_it_is_warm()
    {
        var state = Start(sidecar: true, isWarm: false);
        Assert.False(state.Ready);
        state.WarmedUp();
        Assert.True(state.Ready);
    }

    private GatewayState Start(bool sidecar, bool isWarm = true)
    {
        var cluster = new ClusterOptions { GatewayId = "g", Address = new("g", 4053), Seeds = [new("other", 4053)], Sidecar = sidecar };
        var state = new GatewayState(_clock, cluster, new ClusterViews(cluster), new EvidenceLedger(), new OverridesHolder(), new Vitals());
        var settings = new GatewaySettings { GatewayId = "g", Pools = [] };
        state.Publish(new(settings, new RouteTable<Pool>([], _ => new(new() { Name = "default", Endpoints = [] })), ImmutableDictionary<string, Pool>.Empty));
        if (isWarm)
        {
            state.WarmedUp();
        }

        return state;
    }
}
