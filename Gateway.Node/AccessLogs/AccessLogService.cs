using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Gateway.Actors.Running;
using Gateway.Node.Recording;
using Gateway.Node.Settings;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// Writes the access log: a stream in the system <c>gateway</c> reads the loops' records, and a thread writes its batches, one at a time. Starts before the
/// first request and stops after the last, writing the rest for up to <see cref="LongestFlush"/>.
/// </summary>
internal sealed partial class AccessLogService(
    AccessLogSettings settings, AccessQueue queue, AccessLogOutput output, ActorSystem system, TimeProvider clock, RunningClock requestClock,
    ILogger<AccessLogService> log) : IHostedService
{
    /// <summary>The time limit at shutdown for lines not written yet.</summary>
    public static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);

    private Task<Done>? _stream;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        output.Open(log);
        _stream = Source.FromGraph(new RecordSource(queue, AccessLogShape.FormatOf(settings, requestClock), requestClock))
            .SelectAsync(1, WriteAsync)
            .RunWith(Sink.Ignore<NotUsed>(), system.Materializer())
            .ContinueWith(ended => ended.IsFaulted ? Ended(ended.Exception!) : Done.Instance, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stream is not { } stream)
        {
            return;
        }

        queue.Complete();
        using var limit = new CancellationTokenSource(LongestFlush, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await ((Task)stream).WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await output.CloseAsync(either.Token);
        if (queue.Waiting + output.Unwritten is > 0 and var lost)
        {
            output.CutOff(lost);
            Log.CutOff(log, lost);
        }
    }

    private async Task<NotUsed> WriteAsync(LogBatch batch)
    {
        await output.WriteAsync(batch);
        return NotUsed.Instance;
    }

    private Done Ended(AggregateException error)
    {
        Log.Ended(log, error.GetBaseException());
        return Done.Instance;
    }

    private static partial class Log
    {
        [LoggerMessage(133, LogLevel.Warning, "{Count} lines of the access log were not written before shutdown", EventName = "access-log-cut-off")]
        public static partial void CutOff(ILogger logger, int count);

        [LoggerMessage(134, LogLevel.Error, "unexpected error; the access log is no longer written", EventName = "access-log-ended")]
        public static partial void Ended(ILogger logger, Exception error);
    }
}
