using System.Collections.Immutable;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Pools;
using Gateway.Node.Engine;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Node.WarmUp;
using Gateway.Tests.EndToEnd;
using Gateway.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.WarmUp;

public sealed class FailedWarmUpTests
{
    [Fact]
    public async Task Whatever_goes_wrong_in_the_warm_up_the_replica_becomes_ready()
    {
        var settings = new GatewaySettings { GatewayId = "g", Pools = [], WarmUp = TimeSpan.FromSeconds(3) };
        var cluster = new ClusterOptions { GatewayId = "g" };
        var state = new GatewayState(TimeProvider.System, cluster, new ClusterViews(cluster), new EvidenceLedger(), new OverridesHolder(), new Vitals());
        state.Publish(new(settings, new RouteTable<Pool>([], _ => new(new() { Name = "default", Endpoints = [] })), ImmutableDictionary<string, Pool>.Empty));
        using var service = new WarmUpService(settings, state, new LoopChoice(LoopKind.Epoll), new BrokenClock(), NullLogger<WarmUpService>.Instance);
        await service.StartAsync(CancellationToken.None);
        await Eventually.IsAsync(() => state.Ready);
        await service.StopAsync(CancellationToken.None);
    }

    /// <summary>Fails in an unforeseen way.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new NotSupportedException("a failure that the test asked for");
    }
}
