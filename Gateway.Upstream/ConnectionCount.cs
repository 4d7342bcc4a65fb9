namespace Gateway.Upstream;

/// <summary>The counts of one endpoint's connections and of attempts queued for one. Outlives changes of the connection settings.</summary>
internal sealed class ConnectionCount
{
    private int _open;
    private long _created;
    private long _queued;
    private long _timedOut;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections ever made.</summary>
    public long Created => Volatile.Read(ref _created);

    /// <summary>Attempts ever queued because all connections were busy.</summary>
    public long Queued => Volatile.Read(ref _queued);

    /// <summary>Queued attempts that timed out.</summary>
    public long TimedOut => Volatile.Read(ref _timedOut);

    public void Opened()
    {
        Interlocked.Increment(ref _created);
        Interlocked.Increment(ref _open);
    }

    public void Closed() => Interlocked.Decrement(ref _open);

    public void BeganToWait() => Interlocked.Increment(ref _queued);

    public void WaitTimedOut() => Interlocked.Increment(ref _timedOut);
}
