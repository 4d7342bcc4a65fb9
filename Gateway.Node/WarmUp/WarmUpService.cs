using System.Net.Sockets;
using Gateway.Node.Hosting;
using Gateway.Node.Settings;

namespace Gateway.Node.WarmUp;

/// <summary>
/// Lets the runtime compile the data path before anyone waits for it: <c>/ready</c> says no until this is over. Sends bursts of requests
/// through a <see cref="WarmUpPipeline"/>, with pauses in which the compiler gets on, until a request costs no less CPU than before, or for
/// as long as the settings allow. A warm-up that fails is logged and ends; it is no reason not to serve.
/// </summary>
internal sealed partial class WarmUpService(
    GatewaySettings settings, GatewayState state, TimeProvider clock, ILogger<WarmUpService> log)
    : IHostedService, IDisposable
{
    private const int Clients = 16;
    private const int RequestsPerClient = 50;

    /// <summary>Bursts in a row without a gain, after which there is none to come.</summary>
    private const int Plateau = 5;

    /// <summary>Before so many, a burst says nothing: the compiler may not have got to it yet.</summary>
    private const int Least = 12;

    /// <summary>What counts as a gain: a burst that costs less than this share of the cheapest before.</summary>
    private const double Gain = 0.95;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

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
            state.WarmedUp();
            Log.Done(log, bursts * Clients * RequestsPerClient, clock.GetElapsedTime(begun).TotalMilliseconds, first, last);
        }
        catch (OperationCanceledException)
        {
            state.WarmedUp();
            Log.Cut(log, settings.WarmUp);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            state.WarmedUp();
            Log.Failed(log, error);
        }
    }

    private async Task<(int Bursts, double First, double Last)> WarmAsync(CancellationToken cancellation)
    {
        await using var pipeline = new WarmUpPipeline(settings, clock);
        await pipeline.StartAsync(cancellation);
        var clients = Enumerable.Range(0, Clients).Select(_ => new WarmUpClient()).ToList();
        try
        {
            foreach (var client in clients)
            {
                await client.ConnectAsync(pipeline.Address, cancellation);
            }

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
        while (bursts < Least || without < Plateau)
        {
            var before = Environment.CpuUsage.TotalTime;
            await Task.WhenAll(clients.Select(client => client.AskAsync(RequestsPerClient, cancellation)));
            last = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (Clients * RequestsPerClient);
            first = bursts++ == 0 ? last : first;
            without = last < cheapest * Gain ? 0 : without + 1;
            cheapest = Math.Min(cheapest, last);
            await Task.Delay(Pause, clock, cancellation);
        }

        return (bursts, first, last);
    }

    private static partial class Log
    {
        [LoggerMessage(70, LogLevel.Information, "warmed up by {Requests} requests in {Milliseconds:F0} ms: {First:F0} µs of CPU for one at first, {Last:F0} at last")]
        public static partial void Done(ILogger logger, int requests, double milliseconds, double first, double last);

        [LoggerMessage(71, LogLevel.Information, "warm-up cut off after {Limit}: the first seconds of traffic may cost more CPU")]
        public static partial void Cut(ILogger logger, TimeSpan limit);

        [LoggerMessage(72, LogLevel.Warning, "the warm-up failed; the first seconds of traffic cost more CPU")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
