using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Cluster;

namespace Gateway.Node.Hosting;

/// <summary>
/// Leaves the cluster, as the last step before the actors stop: the replica is a member as long as it serves. Time-limited, since in a partition there may be
/// no one to leave to.
/// </summary>
internal sealed partial class ClusterService(IRequiredActor<ClusterActor> cluster, ILogger<ClusterService> log) : IHostedService
{
    /// <summary>Less than the host allows for shutdown beyond draining.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(4);

    private bool _started;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = true;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_started)
        {
            return; // Startup ended before there were actors.
        }

        try
        {
            var actor = await cluster.GetAsync(cancellationToken);
            await actor.Ask<ClusterLeft>(new LeaveCluster(), LeaveTimeout, cancellationToken);
        }
        catch (Exception late) when (late is AskTimeoutException or OperationCanceledException)
        {
            Log.LeaveTimedOut(log);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(75, LogLevel.Warning, "cluster: leaving timed out; the other replicas will remove this one once they find it unreachable", EventName = "cluster-leave-timed-out")]
        public static partial void LeaveTimedOut(ILogger logger);
    }
}
