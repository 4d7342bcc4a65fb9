namespace Gateway.Tests.Upstream.Http1;

/// <summary>Runs something on this thread, one turn after the other: a turn ends when the thread is given up.</summary>
internal sealed class Turns : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _next = new();

    public override void Post(SendOrPostCallback d, object? state) => _next.Enqueue((d, state));

    /// <summary>Runs it until it has nothing more to do.</summary>
    /// <param name="progress">What it has got done so far.</param>
    /// <param name="longest">The most that it got done in one turn.</param>
    public Task<T> Run<T>(Func<Task<T>> begin, Func<long> progress, out long longest)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            var before = progress();
            var task = begin();
            longest = progress() - before;
            while (_next.TryDequeue(out var turn))
            {
                before = progress();
                turn.Callback(turn.State);
                longest = Math.Max(longest, progress() - before);
            }

            return task;
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
