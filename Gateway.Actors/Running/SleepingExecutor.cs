using Akka.Dispatch;

namespace Gateway.Actors.Running;

/// <summary>
/// Runs an Akka dispatcher's mailboxes on a few threads of its own, which sleep when idle. Akka's own dedicated threads spin first, and
/// with messages tens of milliseconds apart, spinning is most of their work.
/// </summary>
internal sealed class SleepingExecutor : ExecutorService
{
    [ThreadStatic]
    private static SleepingExecutor? _own;

    private readonly Lock _gate = new();
    private readonly Queue<IRunnable> _waiting = new();
    private readonly Semaphore _wake = new(0, int.MaxValue);
    private readonly int _threads;
    private int _sleeping;
    private bool _ended;

    public SleepingExecutor(string id, int threads)
        : base(id)
    {
        _threads = threads;
        for (var i = 0; i < threads; i++)
        {
            new Thread(Run) { IsBackground = true, Name = id }.Start();
        }
    }

    /// <summary>Queues a mailbox. A single one queued by an own thread waits for that thread: waking another would cost more than running it.</summary>
    public override void Execute(IRunnable run)
    {
        bool wakes;
        lock (_gate)
        {
            _waiting.Enqueue(run);
            wakes = _sleeping > 0 && (_own != this || _waiting.Count > 1);
            _sleeping -= wakes ? 1 : 0;
        }

        if (wakes)
        {
            _wake.Release(); // Outside the lock, which the awakened thread takes first.
        }
    }

    /// <summary>Stops after the queued mailboxes have run.</summary>
    public override void Shutdown()
    {
        lock (_gate)
        {
            _ended = true;
        }

        _wake.Release(_threads);
    }

    private void Run()
    {
        _own = this;
        while (Next() is { } run)
        {
            run.Run(); // A mailbox; it catches its actor's exceptions.
        }
    }

    /// <summary>Waits for a mailbox; null at the end.</summary>
    private IRunnable? Next()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.TryDequeue(out var run))
                {
                    return run;
                }

                if (_ended)
                {
                    return null;
                }

                _sleeping++;
            }

            _wake.WaitOne();
        }
    }
}
