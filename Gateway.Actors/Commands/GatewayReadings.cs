using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Actors.Inspection;
using Gateway.Actors.Journal;
using Gateway.Core.Breaking;
using Gateway.Core.Commands;
using Gateway.Core.Health;
using Gateway.Core.Priorities;

namespace Gateway.Actors.Commands;

/// <summary>The commands of the palette <c>gateway</c> that show this replica's state and settings.</summary>
public sealed class GatewayReadings(ReplicaInspector inspector, IReplica replica, AnalyticsReadings analytics, JournalFeed events, TimeProvider clock)
{
    private const string Count = "count";

    private static readonly TimeSpan TopPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The refresh interval: windows of minutes barely change in a second, and other replicas may have to be asked.</summary>
    private static readonly TimeSpan AnalyticsPeriod = TimeSpan.FromSeconds(5);

    private static ImmutableArray<Column> EndpointColumns { get; } =
    [
        new("pool", "POOL"), new("address", "ADDRESS"), new("zone", "ZONE"), new("weight", "WEIGHT", CellFormat.Count), new("priority", "PRIO", CellFormat.Count),
        new("state", "STATE"), new("verdict", "VERDICT"), new("breaker", "BREAKER"), new("inFlight", "IN FLIGHT", CellFormat.Count),
        new("perSecond", "REQ/S", CellFormat.Rate), new("errorsPerSecond", "FAIL/S", CellFormat.Rate),
        new("clientErrorsPerSecond", "4XX/S", CellFormat.Rate), new("serverErrorsPerSecond", "5XX/S", CellFormat.Rate),
        new("p50Ms", "P50 MS", CellFormat.Milliseconds), new("p99Ms", "P99 MS", CellFormat.Milliseconds), new("reason", "REASON"),
    ];

    public ImmutableArray<Command> Commands =>
    [
        new(new("status", "Summary of this replica.", []), StatusAsync),
        new(new("pools", "The pools.", []), PoolsAsync),
        new(new("config show", "The settings in force, in the format of the file.", []), ConfigAsync),
        new(
            new("events tail", "The last events, then new ones as they happen.",
                [new(Count, "-n", "Number of past events.") { Kind = ArgumentKind.Number, Default = "10" }]),
            EventsAsync),
        new(
            new("top", "Live view of the endpoints as this replica uses them, every second; with -b, -w or -s the traffic of the last minutes, every five seconds.",
                [EndpointArguments.OfPool, new(Count, "-n", "Number of refreshes; default unlimited.") { Kind = ArgumentKind.Number }, .. AnalyticsReadings.Arguments]),
            TopAsync),
    ];

    private async IAsyncEnumerable<CommandOutput> StatusAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var status = inspector.Status();
        yield return new CommandOutput.Table(
        [
            new("gatewayId", "REPLICA"), new("zone", "ZONE"), new("phase", "PHASE"), new("version", "VERSION"),
            new("uptimeSeconds", "UP", CellFormat.Seconds), new("activeRequests", "ACTIVE", CellFormat.Count),
            new("perSecond", "REQ/S", CellFormat.Rate), new("clientErrorsPerSecond", "4XX/S", CellFormat.Rate), new("errorsPerSecond", "5XX/S", CellFormat.Rate),
            new("retriesPerSecond", "RETRY/S", CellFormat.Rate), new("p50Ms", "P50 MS", CellFormat.Milliseconds),
            new("p99Ms", "P99 MS", CellFormat.Milliseconds),
        ]);
        yield return new CommandOutput.Row(
        [
            status.GatewayId, status.Zone, status.Phase.ToString().ToLowerInvariant(), status.Version, status.UptimeSeconds, status.ActiveRequests,
            status.Requests.PerSecond, status.Requests.AnswersPerSecond.ClientError, status.Requests.ErrorsPerSecond, status.Requests.RetriesPerSecond, status.Requests.P50Ms, status.Requests.P99Ms,
        ]);
    }

    private async IAsyncEnumerable<CommandOutput> PoolsAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return new CommandOutput.Table(
        [
            new("name", "POOL"), new("strategy", "STRATEGY"), new("endpoints", "ENDPOINTS", CellFormat.Count),
            new("available", "AVAILABLE", CellFormat.Count), new("panic", "PANIC"), new("inFlight", "IN FLIGHT", CellFormat.Count),
            new("retriesUsed", "RETRIES 10S", CellFormat.Count), new("requestsBegun", "REQUESTS 10S", CellFormat.Count),
            new("priorities", "PRIORITIES"),
        ]);
        foreach (var pool in inspector.Pools())
        {
            yield return new CommandOutput.Row(
            [
                pool.Name, pool.Strategy, pool.Endpoints, pool.Available, pool.Panic, pool.InFlight, pool.RetriesUsed, pool.RequestsBegun,
                PrioritySplit.Describe(pool.Priorities),
            ]);
        }
    }

    private async IAsyncEnumerable<CommandOutput> ConfigAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var line in replica.Configuration.Split('\n'))
        {
            yield return new CommandOutput.Line(line.TrimEnd('\r'));
        }
    }

    private async IAsyncEnumerable<CommandOutput> EventsAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new CommandOutput.Table(
            [new("time", "TIME", Width: 24), new("type", "TYPE", Width: 16), new("text", "TEXT")], TableStyle.Live);
        await foreach (var entry in events.FollowAsync(events.Before(request.Number(Count)), cancellation).ConfigureAwait(false))
        {
            yield return new CommandOutput.Row([Times.Show(entry.Time), entry.Type, entry.Text]);
        }
    }

    private async IAsyncEnumerable<CommandOutput> TopAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ofMinutes = AnalyticsReadings.AreGivenIn(request);
        if (EndpointArguments.FaultOf(request[EndpointArguments.Pool], replica) is { } fault)
        {
            yield return fault;
            yield break;
        }

        using var timer = new PeriodicTimer(ofMinutes ? AnalyticsPeriod : TopPeriod, clock);
        var left = request.Has(Count) ? request.Number(Count) : long.MaxValue;
        do
        {
            yield return new CommandOutput.Frame();
            await foreach (var output in (ofMinutes ? MinutesAsync(request, cancellation) : NowAsync(request, cancellation)).ConfigureAwait(false))
            {
                yield return output;
            }

            yield return new CommandOutput.Line(""); // Ends the table, so that it is shown now and not with the next frame.
        }
        while (--left > 0 && await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }

    private IAsyncEnumerable<CommandOutput> MinutesAsync(CommandRequest request, CancellationToken cancellation) =>
        analytics.TableAsync(request, request[EndpointArguments.Pool], cancellation);

    private async IAsyncEnumerable<CommandOutput> NowAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var output in StatusAsync(request, cancellation).ConfigureAwait(false))
        {
            yield return output;
        }

        yield return new CommandOutput.Line("");
        foreach (var output in Listing(request[EndpointArguments.Pool]))
        {
            yield return output;
        }
    }

    private IEnumerable<CommandOutput> Listing(string? pool)
    {
        yield return new CommandOutput.Table(EndpointColumns);
        foreach (var endpoint in inspector.Endpoints(pool))
        {
            yield return new CommandOutput.Row(
            [
                endpoint.Pool, endpoint.Address, endpoint.Zone, endpoint.Weight, endpoint.Priority, endpoint.State.Name(), endpoint.Verdict.Name(),
                endpoint.Breaker.Phase.Name(), endpoint.InFlight, endpoint.Attempts.PerSecond, endpoint.Attempts.ErrorsPerSecond,
                endpoint.Attempts.AnswersPerSecond.ClientError, endpoint.Attempts.AnswersPerSecond.ServerError, endpoint.Attempts.P50Ms, endpoint.Attempts.P99Ms, endpoint.Reason,
            ]);
        }
    }
}
