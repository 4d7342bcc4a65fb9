namespace Gateway.Core.Health;

/// <summary>
/// The order of probes. Verifying probes have a lane of their own. The others alternate between pools, so that a large pool does not delay a small one, and
/// wait in two queues: targets that did not answer last time, or were never probed, cannot take the slots of those that do answer. There are never two
/// concurrent probes of one target. Used by one thread at a time.
/// </summary>
/// <typeparam name="TTarget">The target to probe.</typeparam>
public sealed class ProbeQueue<TTarget>
    where TTarget : notnull
{
    private readonly Dictionary<TTarget, ProbeTurn<TTarget>> _turns = [];
    private readonly Queue<ProbeTurn<TTarget>> _verifying = new();
    private readonly PoolTurns<TTarget> _quick = new();
    private readonly PoolTurns<TTarget> _slow = new();
    private int _regularInFlight;
    private int _slowInFlight;
    private int _verifyingInFlight;

    public int InFlight => _regularInFlight + _verifyingInFlight;

    public int SlowInFlight => _slowInFlight;

    public int Waiting => _turns.Count - InFlight;

    /// <summary>The start of the longest wait of a regular probe; null if none waits.</summary>
    public TimeSpan? WaitingSince => (_quick.Oldest, _slow.Oldest) switch
    {
        ({ } quick, { } slow) => quick < slow ? quick : slow,
        var (quick, slow) => quick ?? slow,
    };

    /// <summary>
    /// Adds a target. One already waiting or being probed is not duplicated; one waiting that now needs verification changes lanes.
    /// </summary>
    /// <param name="slow">Whether it did not answer last time, or was never probed.</param>
    public void Add(TTarget target, string pool, bool verifying, bool slow, TimeSpan now)
    {
        if (!_turns.TryGetValue(target, out var turn))
        {
            _turns[target] = turn = new(target, pool, verifying, slow, now);
        }
        else if (turn.Begun || turn.Verifying || !verifying)
        {
            return;
        }
        else
        {
            (turn.Slow ? _slow : _quick).Remove(turn);
            _turns[target] = turn = new(target, pool, Verifying: true, slow, turn.Since);
        }

        if (verifying)
        {
            _verifying.Enqueue(turn);
        }
        else
        {
            (slow ? _slow : _quick).Add(turn);
        }
    }

    /// <summary>Removes a waiting target. A probe in flight continues.</summary>
    public void Drop(TTarget target)
    {
        if (_turns.TryGetValue(target, out var turn) && !turn.Begun)
        {
            _turns.Remove(target);
            if (!turn.Verifying)
            {
                (turn.Slow ? _slow : _quick).Remove(turn);
            }
        }
    }

    /// <summary>Begins the next probe for which there is a slot; null if none waits or none is allowed.</summary>
    public ProbeTurn<TTarget>? Begin(ProbeSlots slots)
    {
        if (_verifyingInFlight < slots.Verifying && NextVerifying() is { } verifying)
        {
            _verifyingInFlight++;
            return Begun(verifying);
        }

        if (_regularInFlight >= slots.Regular)
        {
            return null;
        }

        var next = (_slowInFlight < slots.OwnOfSlow ? _slow.Take() : null)
            ?? _quick.Take()
            ?? (_slowInFlight < slots.ForSlow ? _slow.Take() : null);
        if (next is null)
        {
            return null;
        }

        _regularInFlight++;
        _slowInFlight += next.Slow ? 1 : 0;
        return Begun(next);
    }

    /// <summary>Ends a probe.</summary>
    /// <returns>Whether it belonged to this queue.</returns>
    public bool End(ProbeTurn<TTarget> turn)
    {
        if (!_turns.TryGetValue(turn.Target, out var known) || !ReferenceEquals(known.Ticket, turn.Ticket))
        {
            return false;
        }

        _turns.Remove(turn.Target);
        _verifyingInFlight -= turn.Verifying ? 1 : 0;
        _regularInFlight -= turn.Verifying ? 0 : 1;
        _slowInFlight -= turn is { Verifying: false, Slow: true } ? 1 : 0;
        return true;
    }

    private ProbeTurn<TTarget>? NextVerifying()
    {
        while (_verifying.TryDequeue(out var turn))
        {
            if (_turns.TryGetValue(turn.Target, out var known) && ReferenceEquals(known, turn))
            {
                return turn;
            }
        }

        return null;
    }

    private ProbeTurn<TTarget> Begun(ProbeTurn<TTarget> turn) => _turns[turn.Target] = turn with { Begun = true };
}

/// <summary>One probe, waiting or in flight.</summary>
/// <param name="Pool">The pool that requested it first.</param>
/// <param name="Verifying">Whether it verifies a report.</param>
/// <param name="Slow">Whether its target did not answer last time, or was never probed.</param>
/// <param name="Since">When it was requested.</param>
public sealed record ProbeTurn<TTarget>(TTarget Target, string Pool, bool Verifying, bool Slow, TimeSpan Since)
    where TTarget : notnull
{
    public bool Begun { get; init; }

    /// <summary>Identifies the turn before and after it begins.</summary>
    internal object Ticket { get; } = new();
}
