using Gateway.Node.Settings;
using Gateway.Node.Signals;

namespace Gateway.Node.AccessLogs;

/// <summary>The configured target of the access log, with the thread that writes to it. Reopened at SIGHUP. Counts the lines that it takes.</summary>
internal sealed class AccessLogOutput(AccessLogSettings settings, AccessLogTargets targets, AccessLogMetrics metrics, ProcessSignals? signals = null)
{
    private LogWriter? _writer;
    private int _unwritten;

    /// <summary>The lines of the batch being written.</summary>
    public int Unwritten => Volatile.Read(ref _unwritten);

    /// <summary>Opens the target. Called once, before the first batch.</summary>
    public void Open(ILogger log)
    {
        var writer = new LogWriter(targets.Open(settings), log);
        _writer = writer;
        signals?.HungUp += writer.Reopen;
    }

    /// <summary>Writes a batch; the next one only after this one.</summary>
    public async Task WriteAsync(LogBatch batch)
    {
        var count = batch.Count; // The batch is refilled once this has ended.
        Volatile.Write(ref _unwritten, count);
        var isWritten = await _writer!.WriteAsync(batch);
        Volatile.Write(ref _unwritten, 0);
        if (isWritten)
        {
            metrics.Written(count);
        }
        else
        {
            metrics.Failed(count);
        }
    }

    /// <summary>Closes the target after the batches given to it; completes then, or at the limit.</summary>
    public async Task CloseAsync(CancellationToken limit)
    {
        if (_writer is { } writer)
        {
            signals?.HungUp -= writer.Reopen;
            writer.Dispose();
            await writer.Ended.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Counts lines not written when the process ends.</summary>
    public void CutOff(int lines) => metrics.CutOff(lines);
}
