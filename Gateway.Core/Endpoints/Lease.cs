using Gateway.Core.Outcomes;

namespace Gateway.Core.Endpoints;

/// <summary>
/// The right to send one attempt to one endpoint. Two acts, each exactly once: <see cref="Report"/> at the head of the answer or
/// at the error, and <see cref="Release"/> at the end of the exchange; repeating one does nothing. It has one holder: do not copy it.
/// </summary>
public struct Lease
{
    private readonly EndpointCell? _cell;
    private readonly uint _epoch;
    private readonly bool _trial;
    private State _state;

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

    /// <summary>Says how the attempt went. Ends the permit of a trial.</summary>
    public void Report(Outcome outcome, FailureReason reason = FailureReason.None)
    {
        if (_state == State.Open)
        {
            _state = State.Reported;
            Cell.Complete(_epoch, _trial, outcome, reason);
        }
    }

    /// <summary>Says that the body broke after a head that was reported: one more failure, without a permit to return.</summary>
    public readonly void ReportBrokenBody(FailureReason reason)
    {
        if (_state == State.Reported)
        {
            Cell.CountBrokenBody();
            Cell.Complete(_epoch, trial: false, Outcome.Failure, reason);
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
}
