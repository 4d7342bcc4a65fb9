namespace Gateway.Interleavings;

/// <summary>
/// Runs threads one at a time, and at each of their steps decides who runs next. What is between two steps happens at once, so that a run is the
/// same each time for the same decisions.
/// </summary>
internal sealed class Scheduler(IChoices choices) : IDisposable
{
    /// <summary>No run of a scenario is longer, unless it never ends.</summary>
    private const int MostSteps = 20_000;

    [ThreadStatic]
    private static Worker? _worker;

    private readonly List<Worker> _workers = [];
    private readonly SemaphoreSlim _over = new(0);
    private Exception? _fault;
    private int _steps;

    /// <summary>Here another thread may run. Outside of a run it is nothing.</summary>
    public static void Step() => _worker?.Scheduler.Switch(_worker, isRunnable: true);

    /// <summary>Lets others run until it is so.</summary>
    public static void WaitUntil(Func<bool> isSo)
    {
        while (!isSo())
        {
            var worker = _worker ?? throw new InvalidOperationException("nobody else runs who could make it so");
            worker.Waits = isSo;
            worker.Scheduler.Switch(worker, isRunnable: false);
            worker.Waits = null;
        }
    }

    /// <summary>Runs all to their ends. What one of them throws, that none can go on, or that they do not end: null if all is well.</summary>
    public Exception? Run(IReadOnlyList<Action> threads)
    {
        foreach (var action in threads)
        {
            _workers.Add(new Worker(this, action));
        }

        Next(null)!.Turn.Release();
        _over.Wait();
        return _fault;
    }

    public void Dispose()
    {
        _workers.ForEach(worker => worker.Turn.Dispose());
        _over.Dispose();
    }

    private void Switch(Worker current, bool isRunnable)
    {
        if (_fault is not null || ++_steps > MostSteps)
        {
            throw _fault ??= new InvalidOperationException($"no end after {MostSteps} steps");
        }

        var next = Next(isRunnable ? current : null);
        if (next is null)
        {
            throw _fault ??= new InvalidOperationException("none of the threads can go on");
        }

        if (next != current)
        {
            next.Turn.Release();
            current.Turn.Wait();
            if (_fault is not null)
            {
                throw _fault;
            }
        }
    }

    /// <param name="current">Who runs and could go on; null: it has ended, or waits.</param>
    private Worker? Next(Worker? current)
    {
        var others = _workers.Where(worker => worker != current && worker.CanRun).ToList();
        if (current is not null)
        {
            return choices.Switch(others.Count) is var to and > 0 ? others[to - 1] : current;
        }

        return others.Count == 0 ? null : others[choices.Choose(others.Count)];
    }

    private void Ended(Worker worker, Exception? fault)
    {
        _fault ??= fault;
        worker.IsOver = true;
        var left = _workers.Find(other => !other.IsOver);
        if (left is null)
        {
            _over.Release();
            return;
        }

        // After a fault whoever is left throws it at its next step.
        var next = _fault is null ? Next(null) : left;
        if (next is null)
        {
            (_fault, next) = (new InvalidOperationException("none of the threads can go on"), left);
        }

        next.Turn.Release();
    }

    private sealed class Worker
    {
        public Worker(Scheduler scheduler, Action action)
        {
            Scheduler = scheduler;
            new Thread(() => Run(action)) { IsBackground = true }.Start();
        }

        public Scheduler Scheduler { get; }

        public SemaphoreSlim Turn { get; } = new(0);

        public Func<bool>? Waits { get; set; }

        public bool IsOver { get; set; }

        public bool CanRun => !IsOver && Waits?.Invoke() != false;

        private void Run(Action action)
        {
            Turn.Wait();
            _worker = this;
            Exception? fault = null;
            try
            {
                action();
            }
#pragma warning disable CA1031 // It is what the run found.
            catch (Exception error)
#pragma warning restore CA1031
            {
                fault = error;
            }

            _worker = null;
            Scheduler.Ended(this, fault);
        }
    }
}
