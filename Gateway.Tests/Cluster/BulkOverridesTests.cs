using Akka.Actor;
using Gateway.Actors.Overrides;
using Gateway.Core.Overrides;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Cluster;

/// <summary>The most overrides possible, between real cluster systems on loopback.</summary>
[Collection(nameof(ClusterTests))]
public sealed class BulkOverridesTests : IAsyncLifetime
{
    private readonly ReservedPort[] _ports = [new(), new(), new()];
    private readonly List<TestReplica> _replicas = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        Array.ForEach(_ports, port => port.Dispose());
    }

    [Fact]
    public async Task All_that_there_can_be_reach_every_replica_and_one_that_joins_later_and_all_are_taken_back()
    {
        var ((one, actor), (other, _)) = (Start(0), Start(1));
        await Task.WhenAll(one.SeesGatewaysAsync(2), other.SeesGatewaysAsync(2));
        Say(actor, new EndpointChange.Add(new(3)));
        await HoldsAsync(one, OverrideMap.MaxCount);
        await HoldsAsync(other, OverrideMap.MaxCount);
        Assert.Equal(one.Environment.Overrides.Current, other.Environment.Overrides.Current);

        var (late, _) = Start(2);
        await HoldsAsync(late, OverrideMap.MaxCount);
        Say(actor, new EndpointChange.Revert());
        await HoldsAsync(one, 0);
        await HoldsAsync(other, 0);
        await HoldsAsync(late, 0);
    }

    private static void Say(IActorRef overrides, EndpointChange change)
    {
        for (var i = 0; i < OverrideMap.MaxCount; i++)
        {
            overrides.Tell(new ChangeEndpoint(new("default", TestEndpoints.Address($"http://10.0.{i / 256}.{i % 256}:8080")), change, "autoscaler"));
        }
    }

    private static Task HoldsAsync(TestReplica replica, int count) =>
        Eventually.IsAsync(() => replica.Environment.Overrides.Current.Count == count, TestReplica.WaitTimeout * 3);

    private (TestReplica Replica, IActorRef Overrides) Start(int index)
    {
        var replica = TestReplica.Start(_ports[index], _ports, "a", sharesOverrides: true);
        _replicas.Add(replica);
        return (replica, replica.Overrides!);
    }
}
