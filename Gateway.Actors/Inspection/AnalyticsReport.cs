using System.Collections.Immutable;
using Gateway.Actors.Analytics;
using Gateway.Core.Analytics;

namespace Gateway.Actors.Inspection;

/// <summary>Traffic of the last minutes by route, pool and endpoint.</summary>
/// <param name="GatewayId">The replica that was asked.</param>
/// <param name="Scope"><c>replica</c>: what that one counted; <c>cluster</c>: what <paramref name="Replicas"/> counted together.</param>
/// <param name="Replicas">Those whose counts are in it.</param>
/// <param name="Missing">Those of the cluster whose counts are not, and why.</param>
/// <param name="LeftOut">Series of other replicas that were too many to be told: the least busy ones.</param>
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

    /// <param name="replica">Who counted, where it is one replica.</param>
    public static AnalyticsListing Of(string replica, DateTimeOffset time, ImmutableArray<SeriesReading> series) =>
        Of(replica, time, ReplicaScope, new(series, [replica], [], 0));

    /// <param name="replica">Who was asked.</param>
    public static AnalyticsListing Of(string replica, DateTimeOffset time, ClusterAnalytics sum) => Of(replica, time, ClusterScope, sum);

    private static AnalyticsListing Of(string replica, DateTimeOffset time, string scope, ClusterAnalytics sum) => new(
        replica, time, scope, sum.Replicas, sum.Missing, sum.LeftOut,
        [.. sum.Series.Where(s => s.Key.Kind == SeriesKind.Route && (s.Key.Name != SeriesKey.None || s.Busiest > 0)).Select(s => new RouteAnalytics(s.Key.Name, WindowsOf(s)))],
        [.. sum.Series.Where(s => s.Key.Kind == SeriesKind.Pool).Select(s => new PoolAnalytics(s.Key.Pool, WindowsOf(s)))],
        [.. sum.Series.Where(s => s.Key.Kind == SeriesKind.Endpoint).Select(s => new EndpointAnalytics(s.Key.Pool, s.Key.Name, WindowsOf(s)))]);

    private static ImmutableArray<WindowReport> WindowsOf(SeriesReading series) => [.. series.Windows.Select(WindowReport.Of)];
}

/// <param name="Route">Its name; <c>none</c>: requests that no route took.</param>
public sealed record RouteAnalytics(string Route, ImmutableArray<WindowReport> Windows);

/// <param name="Pool">Its name; <c>none</c>: requests that the gateway answered before a pool was chosen.</param>
public sealed record PoolAnalytics(string Pool, ImmutableArray<WindowReport> Windows);

/// <param name="Address">Host and port, as in the label <c>backend</c> of metrics.</param>
public sealed record EndpointAnalytics(string Pool, string Address, ImmutableArray<WindowReport> Windows);

/// <summary>One window. Quantiles are within 6.25 % of the true ones; those of durations are of whole requests. Null: nothing was counted.</summary>
/// <param name="Window"><c>1m</c>, <c>5m</c> or <c>15m</c>.</param>
/// <param name="Seconds">What it covers: up to 15 s more than its name says, less where the replica is younger.</param>
/// <param name="Count">Requests, or of an endpoint attempts.</param>
/// <param name="Errors">Requests answered with 500 to 599 or broken off by the backend; attempts that counted as the endpoint's failure or were answered so.</param>
/// <param name="ErrorRatio">Errors in the count, 0 to 1.</param>
/// <param name="FirstByteP50Ms">Of an endpoint alone: from the begin of an attempt to the head of its answer.</param>
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
