namespace Gateway.Benchmarks;

/// <summary>
/// Persistent threads that run work together, including the calling thread: the measurement contains the work and one barrier at each end, not the creation of
/// threads. A crew of one is only the caller, without barriers.
/// </summary>
internal sealed class Crew : IDisposable
{
    private readonly Action<int> _work;
    private readonly Barrier _meeting;
    private readonly Thread[] _threads;
    private volatile bool _done;

    /// <param name="work">Receives the thread's number, from 0. Must not throw.</param>
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

    /// <summary>Runs the work once on every thread, and returns when all are done.</summary>
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
