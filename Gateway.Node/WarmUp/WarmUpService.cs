using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Node.State;

namespace Gateway.Node.WarmUp;

/// <summary>
/// Lets the runtime compile the data path before traffic has to wait for it. Every kind of request goes through a <see cref="WarmUpPipeline"/> a few
/// times first: then <c>/ready</c> may say yes. Bursts of requests follow in the background, at a bounded share of a core and with pauses in which the
/// compiler gets on, until a request costs no less CPU than before, or for as long as the settings allow. A warm-up that fails is logged and ends; it
/// is no reason not to serve.
/// </summary>
internal sealed partial class WarmUpService(
    GatewaySettings settings, GatewayState state, LoopChoice loops, TimeProvider clock, ILogger<WarmUpService> log)
    : IHostedService, IDisposable
{
    /// <summary>As many as there are connections at once in the background's bursts.</summary>
    private const int Clients = 16;

    private const int RequestsPerClient = 10;

    /// <summary>Before the replica is ready: each kind of request, on a few connections.</summary>
    private const int FirstClients = 4;

    /// <summary>What the background may take of a core, the compiler's work included. What traffic takes meanwhile counts too: it warms as well.</summary>
    private const double Share = 0.25;

    /// <summary>Bursts in a row without a gain, after which there is none to come.</summary>
    private const int Plateau = 25;

    /// <summary>Before so many, a burst says nothing: the compiler may not have got to it yet.</summary>
    private const int Least = 60;

    /// <summary>What counts as a gain: a burst that costs less than this share of the cheapest before.</summary>
    private const double Gain = 0.95;

    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(30);

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
            // Whatever it is: the real data path may serve all the same, and nobody would ever send it a request.
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

    /// <summary>How many bursts it took, and what a request cost in the first and in the last, in µs of CPU (client and sink included).</summary>
    private async Task<(int Bursts, double First, double Last)> BurstAsync(List<WarmUpClient> clients, CancellationToken cancellation)
    {
        var (bursts, first, last, cheapest, without) = (0, 0.0, 0.0, double.MaxValue, 0);
        var pausedAt = Environment.CpuUsage.TotalTime;
        while (bursts < Least || without < Plateau)
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

    /// <summary>How long to rest: 30 ms of CPU in a burst of 20 ms make 100 ms, of which 80 are left.</summary>
    /// <param name="used">CPU since the last burst's end.</param>
    /// <param name="taken">How long the burst took.</param>
    private static TimeSpan PauseAfter(TimeSpan used, TimeSpan taken) => (used / Share) - taken is var pause && pause > LeastPause ? pause : LeastPause;

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
