using Gateway.Core.Outcomes;

namespace Gateway.Core.Cells;

/// <summary>
/// The right to send one attempt to one endpoint. Two acts, each exactly once: <see cref="Report"/> as soon as it is known how the attempt went (a
/// failure at its error or at a head that says so; a success at the end of the body, since a head alone proves nothing), and <see cref="Release"/> at
/// the end of the exchange; repeating one does nothing. It has one holder: do not copy it.
/// </summary>
public struct Lease
{
    private readonly EndpointCell? _cell;
    private readonly uint _epoch;
    private readonly bool _trial;
    private State _state;
    private bool _headed;

    internal Lease(EndpointCell cell, uint epoch, bool trial)
    {
        _cell = cell;
        _epoch = epoch;
        _trial = trial;
        _state = State.Open;
    }

    private enum State : byte
    {
        None,
        Open,
        Reported,
        Released,
    }

    /// <summary>The endpoint to send to. Throws on the empty lease of a pick that found nothing.</summary>
    public readonly EndpointCell Cell => _cell ?? throw new InvalidOperationException("an empty lease has no endpoint");

    /// <summary>The breaker's epoch at the pick; what comes from another epoch changes nothing.</summary>
    public readonly uint Epoch => _epoch;

    /// <summary>Whether this attempt holds a permit: one of a half-open breaker, or that of a doubted one.</summary>
    public readonly bool IsTrial => _trial;

    /// <summary>Says that the head of an answer has come, be it a failure: the attempt waits no more, whenever it is reported.</summary>
    public void Headed()
    {
        if (_state == State.Open && !_headed)
        {
            _headed = true;
            Cell.CountHead();
        }
    }

    /// <summary>Says how the attempt went. Ends the permit of a trial.</summary>
    public void Report(Outcome outcome, FailureReason reason = FailureReason.None)
    {
        if (_state == State.Open)
        {
            EndHead();
            _state = State.Reported;
            Cell.Complete(_epoch, _trial, outcome, reason);
        }
    }

    /// <summary>
    /// Says that a trial has succeeded whose exchange goes on, as a stream does: ends its permit, and leaves the rest to the holder, who says so by
    /// <see cref="WasProven"/>. The one call that may be made on a copy, by another thread.
    /// </summary>
    public readonly void Prove() => Cell.Complete(_epoch, _trial, Outcome.Success, FailureReason.None);

    /// <summary>A copy has reported the success: there is nothing more to report.</summary>
    public void WasProven()
    {
        if (_state == State.Open)
        {
            EndHead();
            _state = State.Reported;
        }
    }

    /// <summary>Ends the exchange. An attempt that nobody reported counts as ignored, so that no permit is lost.</summary>
    public void Release()
    {
        Report(Outcome.Ignored);
        if (_state == State.Reported)
        {
            _state = State.Released;
            Cell.Release();
        }
    }

    private readonly void EndHead()
    {
        if (_headed)
        {
            Cell.CountHeadEnd();
        }
    }
}
