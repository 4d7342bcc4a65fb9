using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>One route's copies to one pool: those in flight, which are limited, and the results of the others. Shared by all loops.</summary>
internal sealed class MirrorSeries(MirrorInstruments instruments, string route, string pool)
{
    private int _inFlight;
    private volatile bool _hasEnded;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a place for a copy. False if the limit is reached.</summary>
    public bool TryEnter(int max)
    {
        if (Interlocked.Increment(ref _inFlight) <= max)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>
    /// Ends the series when the route no longer sends copies there: those in flight are not counted, or the removed series would come back for good.
    /// </summary>
    public void End() => _hasEnded = true;

    public void Sent() => Count(instruments.Sent, route, pool);

    public void Dropped(MirrorDrop reason) => Count(instruments.Dropped, route, pool, reason switch
    {
        MirrorDrop.Concurrency => "concurrency",
        MirrorDrop.Body => "body",
        MirrorDrop.Incomplete => "incomplete",
        MirrorDrop.NoEndpoint => "no-endpoint",
        _ => "no-connection",
    });

    public void Failed(MirrorFailure reason) => Count(instruments.Failed, route, pool, reason switch
    {
        MirrorFailure.Connect => "connect",
        MirrorFailure.Status => "status",
        MirrorFailure.Timeout => "timeout",
        MirrorFailure.Shutdown => "shutdown",
        _ => "broken",
    });

    private void Count(Counter counter, params ReadOnlySpan<string> labels)
    {
        if (!_hasEnded)
        {
            counter.WithLabels(labels).Inc();
        }
    }
}

/// <summary>Why a request was not copied.</summary>
internal enum MirrorDrop
{
    /// <summary>The limit of copies is reached.</summary>
    Concurrency,

    /// <summary>The body is too large.</summary>
    Body,

    /// <summary>The request ended before its body was complete.</summary>
    Incomplete,

    /// <summary>No endpoint is available, or none has room.</summary>
    NoEndpoint,

    /// <summary>The endpoint has no room for a connection.</summary>
    NoConnection,
}

/// <summary>How a copy failed.</summary>
internal enum MirrorFailure
{
    /// <summary>Connecting failed.</summary>
    Connect,

    /// <summary>The answer is a server error.</summary>
    Status,

    /// <summary>No answer arrived within the pool's request timeout.</summary>
    Timeout,

    /// <summary>The connection ended without an answer, or the answer was not valid HTTP.</summary>
    Broken,

    /// <summary>The process ended first.</summary>
    Shutdown,
}
