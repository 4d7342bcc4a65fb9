namespace Gateway.Wire;

/// <summary>
/// A pending read or flush. It completes on any thread, possibly while the loop releases the channel: exactly one of the two ends that
/// direction of the pipe. A mutable struct.
/// </summary>
internal struct PipeCall
{
    private const int None = 0;
    private const int UnderWay = 1;
    private const int Completed = 2;
    private const int Released = 3;

    private int _state;

    /// <summary>Whether the loop has yet to process the call's result.</summary>
    public readonly bool IsPending => _state != None;

    public void Begin() => Volatile.Write(ref _state, UnderWay);

    /// <summary>Marks the call as completed. False if the channel was released before, so that the caller must end this direction. Any thread.</summary>
    public bool TryComplete() => Interlocked.CompareExchange(ref _state, Completed, UnderWay) == UnderWay;

    /// <summary>Marks the result as processed.</summary>
    public void End() => Volatile.Write(ref _state, None);

    /// <summary>Releases the call after its cancellation. False if it is still pending, and ends this direction when it completes.</summary>
    public bool TryRelease() => Interlocked.Exchange(ref _state, Released) != UnderWay;
}
