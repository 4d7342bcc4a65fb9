using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Actors.Inspection;
using Gateway.Core.Analytics;
using Gateway.Core.Commands;

namespace Gateway.Actors.Commands;

/// <summary>The tables of <c>gateway top</c> for routes, pools or endpoints over some minutes, for this replica or the cluster.</summary>
public sealed class AnalyticsReadings(AnalyticsInspector inspector)
{
    private const string By = "by";
    private const string Window = "window";
    private const string Scope = "scope";

    private static readonly CommandArgument ByArgument = new(By, "-b", "Group the last minutes by route, pool or endpoint.") { Values = [.. SeriesKinds.All.Select(k => k.Name())] };

    private static readonly CommandArgument WindowArgument =
        new(Window, "-w", "Window: 1m, 5m or 15m; default 1m.") { Values = [.. AnalyticsWindows.All.Select(w => w.Name())] };

    private static readonly CommandArgument ScopeArgument =
        new(Scope, "-s", "This replica or the whole cluster; default this replica.") { Values = [AnalyticsListing.ReplicaScope, AnalyticsListing.ClusterScope] };

    internal static ImmutableArray<CommandArgument> Arguments => [ByArgument, WindowArgument, ScopeArgument];

    /// <summary>Whether a request for <c>gateway top</c> asks for one of these tables.</summary>
    internal static bool AreGivenIn(CommandRequest request) => Arguments.Any(argument => request.Has(argument.Name));

    /// <summary>Returns the table once.</summary>
    internal async IAsyncEnumerable<CommandOutput> TableAsync(CommandRequest request, string? pool, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (pool is not null && request[By] == SeriesKind.Route.Name())
        {
            yield return new CommandOutput.Failed("routes do not belong to a pool; omit -p, or group by pool or endpoint");
            yield break;
        }

        var kind = SeriesKinds.All.First(k => k.Name() == (request[By] ?? (pool is null ? SeriesKind.Route : SeriesKind.Endpoint).Name()));
        var window = AnalyticsWindows.All.First(w => w.Name() == (request[Window] ?? AnalyticsWindow.OneMinute.Name()));
        var listing = await inspector.ReadAsync(new(kind, window), request[Scope] == AnalyticsListing.ClusterScope, cancellation).ConfigureAwait(false);
        yield return new CommandOutput.Line($"the last {window.Name()} of {string.Join(", ", listing.Replicas)}");
        foreach (var (replica, why) in listing.Missing)
        {
            yield return new CommandOutput.Line($"without {replica}: {why}");
        }

        if (listing.LeftOut > 0)
        {
            yield return new CommandOutput.Line($"without the {listing.LeftOut} least busy, which exceed the limit");
        }

        yield return new CommandOutput.Line("");
        yield return new CommandOutput.Table(ColumnsOf(kind));
        foreach (var (names, report) in RowsOf(listing, kind).Where(row => pool is null || row.Names[0].Text == pool))
        {
            yield return new CommandOutput.Row([.. names, .. CellsOf(report, kind)]);
        }
    }

    private static ImmutableArray<Column> ColumnsOf(SeriesKind kind) =>
    [
        .. (ImmutableArray<Column>)(kind switch
        {
            SeriesKind.Route => [new("route", "ROUTE")],
            SeriesKind.Pool => [new("pool", "POOL")],
            _ => [new("pool", "POOL"), new("address", "ADDRESS")],
        }),
        new("seconds", "OVER", CellFormat.Seconds), new("count", kind == SeriesKind.Endpoint ? "ATTEMPTS" : "REQUESTS", CellFormat.Count),
        new("perSecond", kind == SeriesKind.Endpoint ? "ATT/S" : "REQ/S", CellFormat.Rate), new("errors", "ERRORS", CellFormat.Count), new("errorPercent", "ERR %", CellFormat.Count),
        new("p50Ms", "P50 MS", CellFormat.Milliseconds), new("p90Ms", "P90 MS", CellFormat.Milliseconds), new("p99Ms", "P99 MS", CellFormat.Milliseconds),
        new("p999Ms", "P99.9 MS", CellFormat.Milliseconds),
        .. kind != SeriesKind.Endpoint ? ImmutableArray<Column>.Empty :
        [
            new("firstByteP50Ms", "TTFB P50", CellFormat.Milliseconds), new("firstByteP90Ms", "P90", CellFormat.Milliseconds),
            new("firstByteP99Ms", "P99", CellFormat.Milliseconds), new("firstByteP999Ms", "P99.9", CellFormat.Milliseconds),
        ],
    ];

    private static IEnumerable<(Cell[] Names, WindowReport Report)> RowsOf(AnalyticsListing listing, SeriesKind kind) => kind switch
    {
        SeriesKind.Route => listing.Routes.Select(r => ((Cell[])[r.Route], r.Windows[0])),
        SeriesKind.Pool => listing.Pools.Select(p => ((Cell[])[p.Pool], p.Windows[0])),
        _ => listing.Endpoints.Select(e => ((Cell[])[e.Pool, e.Address], e.Windows[0])),
    };

    private static Cell[] CellsOf(WindowReport report, SeriesKind kind)
    {
        Cell[] cells = [
            report.Seconds, report.Count, report.PerSecond, report.Errors, report.ErrorRatio is { } ratio ? Math.Round(ratio * 100, 3) : (double?)null, report.P50Ms, report.P90Ms, report.P99Ms, report.P999Ms,
        ];
        return kind != SeriesKind.Endpoint
            ? cells
            : [.. cells, report.FirstByteP50Ms, report.FirstByteP90Ms, report.FirstByteP99Ms, report.FirstByteP999Ms];
    }
}
