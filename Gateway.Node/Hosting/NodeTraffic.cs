using System.Collections.Immutable;
using Gateway.Actors.Inspection;
using Gateway.Core.Addressing;
using Gateway.Core.Analytics;
using Gateway.Core.Cells;
using Gateway.Core.Traffic;
using Gateway.Node.Metrics;
using Gateway.Upstream;

namespace Gateway.Node.Hosting;

/// <summary>The traffic of this process, as seen by inspection.</summary>
internal sealed class NodeTraffic(GatewayMetrics metrics, TrafficSampler sampler, TrafficAnalytics analytics, IConnectionCounts connections) : IReplicaTraffic
{
    public int ActiveRequests => metrics.ActiveRequests;

    public TrafficRates Requests => sampler.Requests;

    public TrafficRates AttemptsAt(EndpointId endpoint) => sampler.AttemptsAt(endpoint);

    public ImmutableArray<SeriesReading> Analytics(AnalyticsQuery query) => analytics.Read(query);

    public (int Open, long Created) ConnectionsTo(EndpointCell cell)
    {
        var reading = connections.Read(cell);
        return (reading.Open, reading.Created);
    }
}
