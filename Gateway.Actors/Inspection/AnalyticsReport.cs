using System.Collections.Immutable;
using Gateway.Actors.Analytics;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Inspection;

/// <summary>Traffic of the last minutes by route, pool and endpoint.</summary>
/// <param name="GatewayId">The replica asked.</param>
/// <param name="Scope"><c>replica</c> for that replica's counts; <c>cluster</c> for the counts of <paramref name="Replicas"/> together.</param>
/// <param name="Replicas">The replicas included.</param>
/// <param name="Missing">The replicas of the cluster not included, with the reasons.</param>
/// <param name="LeftOut">The number of series of other replicas left out for size: the least busy ones.</param>
public sealed record AnalyticsListing(
    string GatewayId,
    DateTimeOffset Time,
    string Scope,
    ImmutableArray<string> Replicas,
    ImmutableArray<MissingReplica> Missing,
    int LeftOut,
    ImmutableArray<RouteAnalytics> Routes,
    ImmutableArray<PoolAnalytics> Pools,
    ImmutableArray<EndpointAnalytics> Endpoints)
{
    public const string ReplicaScope = "replica";
    public const string ClusterScope = "cluster";

    /// <param name="replica">The replica that counted.</param>
    public static AnalyticsListing Of(string replica, DateTimeOffset time, ImmutableArray<SeriesReading> series) =>
        Of(replica, time, ReplicaScope, new(series, [replica], [], 0));

    /// <param name="replica">The replica asked.</param>
    public static AnalyticsListing Of(string replica, DateTimeOffset time, ClusterAnalytics sum) => Of(replica, time, ClusterScope, sum);

    private static AnalyticsListing Of(string replica, DateTimeOffset time, string scope, ClusterAnalytics sum) => new(
        replica, time, scope, sum.Replicas, sum.Missing, sum.LeftOut,
        [.. sum.Series.Where(s => s.Key.Kind == SeriesKind.Route && (s.Key.Name != SeriesKey.None || s.Busiest > 0)).Select(s => new RouteAnalytics(s.Key.Name, WindowsOf(s)))],
        [.. sum.Series.Where(s => s.Key.Kind == SeriesKind.Pool).Select(s => new PoolAnalytics(s.Key.Pool, WindowsOf(s)))],
        [.. sum.Series.Where(s => s.Key.Kind == SeriesKind.Endpoint).Select(s => new EndpointAnalytics(s.Key.Pool, s.Key.Name, WindowsOf(s)))]);

    private static ImmutableArray<WindowReport> WindowsOf(SeriesReading series) => [.. series.Windows.Select(WindowReport.Of)];
}

/// <param name="Route">Its name; <c>none</c> for requests without a matching route.</param>
public sealed record RouteAnalytics(string Route, ImmutableArray<WindowReport> Windows);

/// <param name="Pool">Its name; <c>none</c> for requests answered before a pool was chosen.</param>
public sealed record PoolAnalytics(string Pool, ImmutableArray<WindowReport> Windows);

/// <param name="Address">Host and port, as in the label <c>backend</c> of metrics.</param>
public sealed record EndpointAnalytics(string Pool, string Address, ImmutableArray<WindowReport> Windows);

/// <summary>One window. Quantiles are accurate to 6.25 %; durations are those of whole requests. Null if nothing was counted.</summary>
/// <param name="Window"><c>1m</c>, <c>5m</c> or <c>15m</c>.</param>
/// <param name="Seconds">The time covered: up to 15 s more than the name says, less if the replica is younger.</param>
/// <param name="Count">Requests; for an endpoint, attempts.</param>
/// <param name="Errors">Requests answered with 500 to 599 or broken off by the backend; attempts that failed or were answered so.</param>
/// <param name="ErrorRatio">The share of errors in the count, 0 to 1.</param>
/// <param name="FirstByteP50Ms">For endpoints only: from the start of an attempt to the head of its answer.</param>
public sealed record WindowReport(
    string Window,
    double Seconds,
    long Count,
    double PerSecond,
    long Errors,
    double? ErrorRatio,
    double? P50Ms,
    double? P90Ms,
    double? P99Ms,
    double? P999Ms,
    double? FirstByteP50Ms,
    double? FirstByteP90Ms,
    double? FirstByteP99Ms,
    double? FirstByteP999Ms)
{
    public static WindowReport Of(WindowReading reading)
    {
        var (durations, firstBytes) = (Quantiles.Of(reading.Counts.Durations), Quantiles.Of(reading.Counts.FirstBytes));
        return new(
            reading.Window.Name(), Math.Round(reading.Span.TotalSeconds, 1), reading.Counts.Count, Math.Round(reading.PerSecond, 3), reading.Counts.Errors,
            reading.ErrorRatio is { } ratio ? Math.Round(ratio, 6) : null,
            Ms(durations?.P50), Ms(durations?.P90), Ms(durations?.P99), Ms(durations?.P999),
            Ms(firstBytes?.P50), Ms(firstBytes?.P90), Ms(firstBytes?.P99), Ms(firstBytes?.P999));

        static double? Ms(TimeSpan? time) => time is { } t ? Math.Round(t.TotalMilliseconds, 3) : null;
    }
}
