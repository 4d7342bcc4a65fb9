using System.Collections.Immutable;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Pools;
using Gateway.Node.Engine;
using Gateway.Node.Routing;
using Gateway.Node.State;
using Gateway.Node.WarmUp;
using Gateway.Tests.EndToEnd;
using Gateway.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.WarmUp;

public sealed class WarmUpServiceTests
{
    [Fact]
    public async Task Whatever_goes_wrong_in_the_warm_up_the_replica_becomes_ready()
    {
        var state = State();
        using var log = new LogRecorder();
        using var service = Service(TimeSpan.FromSeconds(3), state, new BrokenClock(), log);
        await service.StartAsync(CancellationToken.None);
        await Eventually.IsAsync(() => state.Ready);
        await service.StopAsync(CancellationToken.None);
        Assert.Equal(["warm-up-failed"], log.Events);
    }

    [Fact]
    public async Task Without_enough_time_it_is_cut_off_and_the_replica_becomes_ready()
    {
        var state = State();
        using var log = new LogRecorder();
        using var service = Service(TimeSpan.FromMilliseconds(1), state, TimeProvider.System, log);
        await service.StartAsync(CancellationToken.None);
        await Eventually.IsAsync(() => state.Ready);
        await service.StopAsync(CancellationToken.None);
        Assert.Equal(["warm-up-cut-off"], log.Events);
    }

    private static GatewayState State()
    {
        var cluster = new ClusterOptions { GatewayId = "g" };
        var state = new GatewayState(TimeProvider.System, cluster, new ClusterViews(cluster), new EvidenceLedger(), new OverridesHolder(), new Vitals());
        state.Publish(new(
            new() { GatewayId = "g", Pools = [] }, new RouteTable<Pool>([], _ => new(new() { Name = "default", Endpoints = [] })), ImmutableDictionary<string, Pool>.Empty));
        return state;
    }

    private static WarmUpService Service(TimeSpan limit, GatewayState state, TimeProvider clock, LogRecorder log) => new(
        new() { GatewayId = "g", Pools = [], WarmUp = limit }, state, new LoopChoice(LoopKind.Portable), clock, new LoggerFactory([log]).CreateLogger<WarmUpService>());

    /// <summary>Fails in a way that nobody has thought of.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new NotSupportedException("a failure that the test asked for");
    }
}
