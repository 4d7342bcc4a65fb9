using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Analytics;
using Gateway.Core.Cells;
using Gateway.Core.Traffic;

namespace Gateway.Actors.Inspection;

/// <summary>The measured traffic of a replica. Every member returns at once, from existing counts.</summary>
public interface IReplicaTraffic
{
    /// <summary>Requests being proxied.</summary>
    int ActiveRequests { get; }

    /// <summary>All requests answered by this replica.</summary>
    TrafficRates Requests { get; }

    /// <summary>Attempts sent to one endpoint.</summary>
    TrafficRates AttemptsAt(EndpointId endpoint);

    /// <summary>Returns this replica's counts for the last minutes, by route, pool and endpoint.</summary>
    ImmutableArray<SeriesReading> Analytics(AnalyticsQuery query);

    /// <summary>Returns the open connections to an endpoint, and the number ever made.</summary>
    (int Open, long Created) ConnectionsTo(EndpointCell cell);
}
