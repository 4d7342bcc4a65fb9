using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Cluster;

namespace Gateway.Node.Hosting;

/// <summary>
/// Leaves the cluster, as the last thing before the actors end: the replica counts as a member for as long as it serves. Bounded, since in
/// a partition nobody may be there to say goodbye to.
/// </summary>
internal sealed partial class ClusterService(IRequiredActor<ClusterActor> cluster, ILogger<ClusterService> log) : IHostedService
{
    /// <summary>Less than what the host allows for the end beyond draining.</summary>
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(4);

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
            return; // The start ended before there were actors.
        }

        try
        {
            var actor = await cluster.GetAsync(cancellationToken);
            await actor.Ask<ClusterLeft>(new LeaveCluster(), LongestGoodbye, cancellationToken);
        }
        catch (Exception late) when (late is AskTimeoutException or OperationCanceledException)
        {
            Log.NoGoodbye(log);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(75, LogLevel.Warning, "cluster: leaving timed out; the other replicas will remove this one once they find it unreachable", EventName = "cluster-leave-timed-out")]
        public static partial void NoGoodbye(ILogger logger);
    }
}
