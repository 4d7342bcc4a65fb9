namespace Gateway.Wire;

/// <summary>
/// A read or a flush that has not completed at once. It completes on any thread, perhaps while the loop gives up the channel: exactly one of the two ends that
/// direction of the pipe. A struct of its channel's.
/// </summary>
internal struct PipeCall
{
    private const int None = 0;
    private const int UnderWay = 1;
    private const int Completed = 2;
    private const int Released = 3;

    private int _state;

    /// <summary>Whether the loop has yet to deal with the call's result.</summary>
    public readonly bool IsPending => _state != None;

    public void Begin() => Volatile.Write(ref _state, UnderWay);

    /// <summary>The call has completed. False: the channel was given up before, and the caller ends this direction. By any thread.</summary>
    public bool TryComplete() => Interlocked.CompareExchange(ref _state, Completed, UnderWay) == UnderWay;

    /// <summary>The loop has dealt with the result.</summary>
    public void End() => Volatile.Write(ref _state, None);

    /// <summary>The channel is given up, and has cancelled the call. False: the call is still under way, and ends this direction when it completes.</summary>
    public bool TryRelease() => Interlocked.Exchange(ref _state, Released) != UnderWay;
}
