namespace Gateway.Upstream;

/// <summary>The connections of one endpoint: open now, and made in all. Outlives a change of the connection settings.</summary>
internal sealed class ConnectionCount
{
    private int _open;
    private long _created;

    public int Open => Volatile.Read(ref _open);

    public long Created => Volatile.Read(ref _created);

    public void Opened()
    {
        Interlocked.Increment(ref _created);
        Interlocked.Increment(ref _open);
    }

    public void Closed() => Interlocked.Decrement(ref _open);
}
