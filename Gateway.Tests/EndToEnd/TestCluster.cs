using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>Whole replicas in this process that form one cluster, over real remoting on loopback.</summary>
internal static class TestCluster
{
    /// <summary>The time limit of any operation on a slow machine under load.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Starts a replica and waits until it is in a cluster, together with those that the seed has found, and has the operators' overrides: it takes no commands
    /// before that.
    /// </summary>
    public static async Task<TestGateway> StartAsync(
        string name,
        IEnumerable<Uri> backends,
        TestGateway? seed = null,
        Func<PoolSettings, PoolSettings>? pool = null,
        Func<GatewaySettings, GatewaySettings>? change = null)
    {
        var gateway = await TestGateway.StartAsync(backends, pool, settings => (change ?? (s => s))(settings with
        {
            GatewayId = name,
            ClusterAddress = new HostPort("127.0.0.1", 0),
            SeedNodes = seed is null ? [] : [SeedOf(seed)],
        }));
        await UntilAsync(() => ViewOf(gateway) is { Self.Id.Uid: not 0 } view && (seed is null || view.ReachableGateways.Length >= 2));
        await UntilAsync(() => gateway.Services.GetRequiredService<OverridesHolder>().IsRead);
        return gateway;
    }

    public static ClusterView ViewOf(TestGateway gateway) => gateway.Services.GetRequiredService<ClusterViews>().Current;

    public static Task UntilAsync(Func<bool> isSo) => Eventually.IsAsync(isSo, WaitTimeout);

    private static HostPort SeedOf(TestGateway gateway) =>
        HostPort.TryParse(ViewOf(gateway).Self.Id.Address, out var seed) ? seed : throw new InvalidOperationException("no cluster address");
}
