using Akka.Dispatch;

namespace Gateway.Actors.Running;

/// <summary>
/// Runs an Akka dispatcher's mailboxes on a few threads of its own, which sleep when there is nothing to do. Akka's own dedicated threads spin first, and
/// where messages are tens of milliseconds apart, spinning is most of what they do.
/// </summary>
internal sealed class SleepingExecutor : ExecutorService
{
    [ThreadStatic]
    private static SleepingExecutor? _own;

    private readonly object _gate = new();
    private readonly Queue<IRunnable> _waiting = new();
    private int _sleeping;
    private bool _ended;

    public SleepingExecutor(string id, int threads)
        : base(id)
    {
        for (var i = 0; i < threads; i++)
        {
            new Thread(Run) { IsBackground = true, Name = id }.Start();
        }
    }

    /// <summary>One mailbox that another has a message for waits until that one is done: to wake a thread for it would cost more than to run it.</summary>
    public override void Execute(IRunnable run)
    {
        lock (_gate)
        {
            _waiting.Enqueue(run);
            if (_sleeping > 0 && (_own != this || _waiting.Count > 1))
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>What waits still runs.</summary>
    public override void Shutdown()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        _own = this;
        while (Next() is { } run)
        {
            run.Run(); // A mailbox; it catches what its actor throws.
        }
    }

    private IRunnable? Next()
    {
        lock (_gate)
        {
            IRunnable? run;
            while (!_waiting.TryDequeue(out run) && !_ended)
            {
                _sleeping++;
                Monitor.Wait(_gate);
                _sleeping--;
            }

            return run;
        }
    }
}
