namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>The requests received by a backend, in order, and the waiters for one.</summary>
internal sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly List<RawRequest> _seen = [];
    private readonly List<Waiter> _waiters = [];

    private sealed record Waiter(Func<IReadOnlyList<RawRequest>, bool> Met, TaskCompletionSource Done);

    public IReadOnlyList<RawRequest> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public void Add(RawRequest request)
    {
        lock (_gate)
        {
            _seen.Add(request);
            Wake();
        }
    }

    /// <summary>Called when a request has changed: the waiters check again.</summary>
    public void Changed()
    {
        lock (_gate)
        {
            Wake();
        }
    }

    public async Task WaitAsync(Func<IReadOnlyList<RawRequest>, bool> met, TimeSpan timeout)
    {
        var waiter = new Waiter(met, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _waiters.Add(waiter);
            Wake();
        }

        try
        {
            await waiter.Done.Task.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"not within {timeout}; the backend saw: [{string.Join("; ", Seen)}]");
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    private void Wake()
    {
        foreach (var waiter in _waiters.Where(waiter => waiter.Met(_seen)))
        {
            waiter.Done.TrySetResult();
        }
    }
}
