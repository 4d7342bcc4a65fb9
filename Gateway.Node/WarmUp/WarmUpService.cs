using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Node.State;

namespace Gateway.Node.WarmUp;

/// <summary>
/// Lets the runtime compile the data path before traffic has to wait for it. Every kind of request first goes through a <see cref="WarmUpPipeline"/> a few
/// times: then <c>/ready</c> may succeed. Bursts of requests follow in the background, at a bounded share of a core and with pauses in which the compiler
/// works, until the CPU per request no longer falls, or until the configured time is over. A failed warm-up is logged and ends; the replica serves regardless.
/// </summary>
internal sealed partial class WarmUpService(
    GatewaySettings settings, GatewayState state, LoopChoice loops, TimeProvider clock, ILogger<WarmUpService> log)
    : IHostedService, IDisposable
{
    /// <summary>The concurrent connections in the background's bursts.</summary>
    private const int Clients = 16;

    private const int RequestsPerClient = 10;

    /// <summary>The connections used before the replica is ready, for each kind of request.</summary>
    private const int FirstClients = 4;

    /// <summary>The share of a core for the background, including the compiler. Traffic counts too: it warms as well.</summary>
    private const double Share = 0.25;

    /// <summary>The number of bursts in a row without a gain after which none is expected.</summary>
    private const int Plateau = 25;

    /// <summary>The bursts before this number are not judged: the compiler may not have got to them yet.</summary>
    private const int MinBursts = 60;

    /// <summary>A burst is a gain if it costs less than this share of the cheapest before.</summary>
    private const double Gain = 0.95;

    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.WarmUp > TimeSpan.Zero)
        {
            _running = Task.Run(RunAsync, CancellationToken.None);
        }
        else
        {
            state.WarmedUp();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        using var limit = new CancellationTokenSource(settings.WarmUp, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        try
        {
            var begun = clock.GetTimestamp();
            var (bursts, first, last) = await WarmAsync(either.Token);
            Log.Done(log, bursts * Clients * RequestsPerClient, clock.GetElapsedTime(begun).TotalMilliseconds, first, last);
        }
        catch (OperationCanceledException)
        {
            Log.Cut(log, settings.WarmUp);
        }
        catch (Exception error)
        {
            // Any error: the real data path may work regardless, and without this it would never get a request.
            Log.Failed(log, error);
        }

        state.WarmedUp();
        if (!_stopping.IsCancellationRequested)
        {
            ProcessMemory.GiveBack();
        }
    }

    private async Task<(int Bursts, double First, double Last)> WarmAsync(CancellationToken cancellation)
    {
        await using var pipeline = new WarmUpPipeline(settings, loops, clock);
        await pipeline.StartAsync(cancellation);
        var clients = Enumerable.Range(0, Clients).Select(_ => new WarmUpClient()).ToList();
        try
        {
            foreach (var client in clients)
            {
                await client.ConnectAsync(pipeline.Address, cancellation);
            }

            await AskAsync(clients.Take(FirstClients), WarmUpRequests.All.Length, cancellation);
            state.WarmedUp();
            return await BurstAsync(clients, cancellation);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Returns the number of bursts, and the CPU per request in the first and the last, in µs (including client and sink).</summary>
    private async Task<(int Bursts, double First, double Last)> BurstAsync(List<WarmUpClient> clients, CancellationToken cancellation)
    {
        var (bursts, first, last, cheapest, without) = (0, 0.0, 0.0, double.MaxValue, 0);
        var pausedAt = Environment.CpuUsage.TotalTime;
        while (bursts < MinBursts || without < Plateau)
        {
            var (before, begun) = (Environment.CpuUsage.TotalTime, clock.GetTimestamp());
            await AskAsync(clients, RequestsPerClient, cancellation);
            var after = Environment.CpuUsage.TotalTime;
            last = (after - before).TotalMicroseconds / (Clients * RequestsPerClient);
            first = bursts++ == 0 ? last : first;
            without = last < cheapest * Gain ? 0 : without + 1;
            cheapest = Math.Min(cheapest, last);
            await Task.Delay(PauseAfter(after - pausedAt, clock.GetElapsedTime(begun)), clock, cancellation);
            pausedAt = after;
        }

        return (bursts, first, last);
    }

    /// <summary>The pause after a burst: 30 ms of CPU in a burst of 20 ms require 100 ms, of which 80 are left.</summary>
    /// <param name="used">CPU since the last burst's end.</param>
    /// <param name="taken">The duration of the burst.</param>
    private static TimeSpan PauseAfter(TimeSpan used, TimeSpan taken) => (used / Share) - taken is var pause && pause > MinPause ? pause : MinPause;

    private static Task AskAsync(IEnumerable<WarmUpClient> clients, int requests, CancellationToken cancellation) =>
        Task.WhenAll(clients.Select(client => client.AskAsync(requests, cancellation)));

    private static partial class Log
    {
        [LoggerMessage(70, LogLevel.Information, "warm-up done: {Requests} requests in {Milliseconds:F0} ms; CPU per request went from {First:F0} to {Last:F0} µs", EventName = "warm-up-done")]
        public static partial void Done(ILogger logger, int requests, double milliseconds, double first, double last);

        [LoggerMessage(71, LogLevel.Information, "warm-up stopped after {Limit}; the first seconds of traffic may cost more CPU", EventName = "warm-up-cut-off")]
        public static partial void Cut(ILogger logger, TimeSpan limit);

        [LoggerMessage(72, LogLevel.Warning, "warm-up failed; the first seconds of traffic may cost more CPU", EventName = "warm-up-failed")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
