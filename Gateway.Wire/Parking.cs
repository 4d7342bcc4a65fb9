namespace Gateway.Wire;

/// <summary>The wait of a loop without epoll: until it is woken, or the time is up.</summary>
internal sealed class Parking
{
    private readonly object _gate = new(); // Monitor's own: a Lock cannot be waited on.
    private bool _woken;

    /// <summary>Ends the wait under way, or else the next one. By any thread.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <param name="milliseconds">Negative: for as long as it takes.</param>
    public void Wait(int milliseconds)
    {
        lock (_gate)
        {
            if (!_woken && milliseconds != 0)
            {
                Monitor.Wait(_gate, Math.Max(Timeout.Infinite, milliseconds));
            }

            _woken = false;
        }
    }
}
