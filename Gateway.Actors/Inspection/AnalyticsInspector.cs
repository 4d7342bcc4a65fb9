using Akka.Actor;
using Akka.Hosting;
using Gateway.Actors.Analytics;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Inspection;

/// <summary>Reads the traffic of the last minutes, of this replica or of all replicas together.</summary>
public sealed class AnalyticsInspector(IReplica replica, IRequiredActor<AnalyticsActor> analytics, TimeProvider clock)
{
    /// <param name="ofCluster">Whether to ask the other replicas, which takes as long as the slowest of them, at most a second.</param>
    public async Task<AnalyticsListing> ReadAsync(AnalyticsQuery query, bool ofCluster, CancellationToken cancellation)
    {
        if (!ofCluster)
        {
            return AnalyticsListing.Of(replica.GatewayId, clock.GetUtcNow(), replica.Traffic.Analytics(query));
        }

        var actor = await analytics.GetAsync(cancellation).ConfigureAwait(false);
        var sum = await actor.Ask<ClusterAnalytics>(new GetClusterAnalytics(query), 2 * AnalyticsActor.Patience, cancellation).ConfigureAwait(false);
        return AnalyticsListing.Of(replica.GatewayId, clock.GetUtcNow(), sum);
    }
}
