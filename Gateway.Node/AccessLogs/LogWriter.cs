using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Gateway.Node.AccessLogs;

/// <summary>
/// The thread that writes: a target that blocks, such as a stalled disk, delays only this thread. It works one job after another, and sleeps without jobs.
/// </summary>
internal sealed partial class LogWriter : IDisposable
{
    private readonly BlockingCollection<Job> _jobs = [];
    private readonly ILogTarget _target;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isFailing;

    public LogWriter(ILogTarget target, ILogger log)
    {
        (_target, _log) = (target, log);
        _thread = new Thread(Run) { Name = "access-log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when the thread has ended and closed its target, after <see cref="Dispose"/>.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether an error is the target's, so that the next lines may succeed.</summary>
    public static bool IsFault(Exception error) => error is IOException or UnauthorizedAccessException or SocketException or NotSupportedException;

    /// <summary>Writes a batch. Returns whether the target has taken it.</summary>
    public Task<bool> WriteAsync(LogBatch batch)
    {
        var job = new Job(batch, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        _jobs.Add(job);
        return job.Done!.Task;
    }

    /// <summary>Reopens the target before the next lines.</summary>
    public void Reopen()
    {
        if (!_jobs.IsAddingCompleted)
        {
            _jobs.Add(new Job(null, null));
        }
    }

    /// <summary>Ends the thread after the jobs queued so far.</summary>
    public void Dispose() => _jobs.CompleteAdding();

    private void Run()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            var isDone = Try(job);
            job.Done?.SetResult(isDone);
        }

        _target.Dispose();
        _ended.SetResult();
    }

    private bool Try(Job job)
    {
        try
        {
            if (job.Batch is { } batch)
            {
                _target.Write(batch.Lines.Written);
            }
            else
            {
                _target.Reopen();
                Log.Reopened(_log);
            }

            if (_isFailing && job.Batch is not null)
            {
                _isFailing = false;
                Log.Recovered(_log);
            }

            return true;
        }
        catch (Exception error) when (IsFault(error))
        {
            if (!_isFailing)
            {
                _isFailing = true;
                Log.Failed(_log, error.Message);
            }

            return false;
        }
    }

    /// <param name="Batch">Null: reopen the target.</param>
    /// <param name="Done">Receives whether it succeeded.</param>
    private readonly record struct Job(LogBatch? Batch, TaskCompletionSource<bool>? Done);

    private static partial class Log
    {
        [LoggerMessage(130, LogLevel.Warning, "cannot write the access log, losing its lines: {Error}", EventName = "access-log-failed")]
        public static partial void Failed(ILogger logger, string error);

        [LoggerMessage(131, LogLevel.Information, "writing the access log again", EventName = "access-log-recovered")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(132, LogLevel.Information, "access log reopened", EventName = "access-log-reopened")]
        public static partial void Reopened(ILogger logger);
    }
}
