namespace Gateway.Benchmarks;

/// <summary>
/// Threads that stay, and run a piece of work together whenever told to, the calling thread among them: what is measured is the work
/// and one meeting at each end of it, not the making of threads. A crew of one is the caller alone and meets nobody.
/// </summary>
internal sealed class Crew : IDisposable
{
    private readonly Action<int> _work;
    private readonly Barrier _meeting;
    private readonly Thread[] _threads;
    private volatile bool _done;

    /// <param name="work">Given the number of the thread, from 0. Must not throw.</param>
    public Crew(int size, Action<int> work)
    {
        _work = work;
        _meeting = new Barrier(size);
        _threads = [.. Enumerable.Range(1, size - 1).Select(number => new Thread(() => Serve(number)) { IsBackground = true })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Runs the work once on every thread and returns when all are through.</summary>
    public void Run()
    {
        if (_threads.Length == 0)
        {
            _work(0);
            return;
        }

        _meeting.SignalAndWait();
        _work(0);
        _meeting.SignalAndWait();
    }

    public void Dispose()
    {
        if (_threads.Length > 0)
        {
            _done = true;
            _meeting.SignalAndWait();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _meeting.Dispose();
    }

    private void Serve(int number)
    {
        while (true)
        {
            _meeting.SignalAndWait();
            if (_done)
            {
                return;
            }

            _work(number);
            _meeting.SignalAndWait();
        }
    }
}
