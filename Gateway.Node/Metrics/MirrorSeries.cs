namespace Gateway.Node.Metrics;

/// <summary>The copies that one route sends to one pool: how many there are, which bounds them, and what became of the others. For all loops.</summary>
internal sealed class MirrorSeries(MirrorInstruments instruments, string route, string pool)
{
    private int _inFlight;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a place for a copy. False: there are as many as may be.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _inFlight) <= most)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void Sent() => instruments.Sent.WithLabels(route, pool).Inc();

    public void Dropped(MirrorDrop reason) => instruments.Dropped.WithLabels(route, pool, reason switch
    {
        MirrorDrop.Concurrency => "concurrency",
        MirrorDrop.Body => "body",
        MirrorDrop.Incomplete => "incomplete",
        MirrorDrop.NoEndpoint => "no-endpoint",
        _ => "no-connection",
    }).Inc();

    public void Failed(MirrorFailure reason) => instruments.Failed.WithLabels(route, pool, reason switch
    {
        MirrorFailure.Connect => "connect",
        MirrorFailure.Status => "status",
        MirrorFailure.Timeout => "timeout",
        MirrorFailure.Shutdown => "shutdown",
        _ => "broken",
    }).Inc();
}

/// <summary>Why a request was not copied.</summary>
internal enum MirrorDrop
{
    /// <summary>There are as many copies as may be.</summary>
    Concurrency,

    /// <summary>The body is too large.</summary>
    Body,

    /// <summary>The request ended before its body was whole.</summary>
    Incomplete,

    /// <summary>No endpoint is available, or none has room.</summary>
    NoEndpoint,

    /// <summary>The endpoint has no room for a connection.</summary>
    NoConnection,
}

/// <summary>What went wrong with a copy.</summary>
internal enum MirrorFailure
{
    /// <summary>No connection came about.</summary>
    Connect,

    /// <summary>The answer is a server error.</summary>
    Status,

    /// <summary>No answer came within the pool's request timeout.</summary>
    Timeout,

    /// <summary>The connection ended without an answer, or what came was not valid HTTP.</summary>
    Broken,

    /// <summary>The process ended first.</summary>
    Shutdown,
}
