using Gateway.Core.Outcomes;

namespace Gateway.Core.Cells;

/// <summary>
/// The right to send one attempt to one endpoint. Call <see cref="Report"/> exactly once, as soon as the result of the attempt is known (a
/// failure at its error or at the head that shows it; a success at the end of the body, since a head alone proves nothing), and <see cref="Release"/>
/// once at the end of the exchange; further calls do nothing. A lease has one holder: do not copy it.
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

    /// <summary>The leased endpoint. Throws on the empty lease of a pick that found nothing.</summary>
    public readonly EndpointCell Cell => _cell ?? throw new InvalidOperationException("an empty lease has no endpoint");

    /// <summary>The breaker's epoch at the pick; outcomes from another epoch are ignored.</summary>
    public readonly uint Epoch => _epoch;

    /// <summary>Whether this attempt holds a permit of a half-open or doubted breaker.</summary>
    public readonly bool IsTrial => _trial;

    /// <summary>Records that the head of an answer has come, even of a failure: the attempt no longer counts as waiting.</summary>
    public void Headed()
    {
        if (_state == State.Open && !_headed)
        {
            _headed = true;
            Cell.CountHead();
        }
    }

    /// <summary>Reports the outcome of the attempt. Releases the permit of a trial.</summary>
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
    /// Reports the success of a trial whose exchange continues, such as a stream: releases its permit; the holder then calls
    /// <see cref="WasProven"/>. The only method that may be called on a copy, by another thread.
    /// </summary>
    public readonly void Prove() => Cell.Complete(_epoch, _trial, Outcome.Success, FailureReason.None);

    /// <summary>Records that a copy has reported the success, so nothing is left to report.</summary>
    public void WasProven()
    {
        if (_state == State.Open)
        {
            EndHead();
            _state = State.Reported;
        }
    }

    /// <summary>Ends the exchange. An attempt not reported counts as ignored, so that no permit is lost.</summary>
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

/// <summary>Conditions that a lease request waives.</summary>
[Flags]
public enum LeaseOptions : byte
{
    None = 0,

    /// <summary>Lease even if the breaker refuses; such a lease belongs to no epoch and cannot move the breaker.</summary>
    Panic = 1,

    /// <summary>Lease from a full endpoint and wait there, as long as its queue has room: set when no endpoint has room.</summary>
    Queue = 2,

    /// <summary>Lease beyond the one attempt of a doubted endpoint: set when no other endpoint has room.</summary>
    Insist = 4,
}

/// <summary>An endpoint's response to a lease request.</summary>
public enum Admission
{
    Granted,

    /// <summary>The attempts in flight are at the pool's connection limit, or at the limit of one for a doubted endpoint.</summary>
    Full,

    /// <summary>The breaker admits no attempts, or all trial permits are taken.</summary>
    Refused,
}
