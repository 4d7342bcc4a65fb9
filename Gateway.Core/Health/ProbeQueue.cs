namespace Gateway.Core.Health;

/// <summary>
/// Which probe is begun next. One that looks into a report has a lane of its own. The others go in turns between pools, so that a large pool does not
/// delay a small one, and in two lines each: targets that did not answer last time, or were never asked, cannot take the slots of those that do answer. Never
/// two probes of one target at once. Used by one thread at a time.
/// </summary>
/// <typeparam name="TTarget">What is probed.</typeparam>
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

    /// <summary>Since when the regular probe has been waiting that waits longest; null: none does.</summary>
    public TimeSpan? WaitingSince => (_quick.Oldest, _slow.Oldest) switch
    {
        ({ } quick, { } slow) => quick < slow ? quick : slow,
        var (quick, slow) => quick ?? slow,
    };

    /// <summary>
    /// A target is to be probed. One that waits or is probed already is not doubled; one that waits and is to be verified now changes lanes.
    /// </summary>
    /// <param name="slow">Whether it did not answer last time, or was never asked.</param>
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

    /// <summary>Nobody wants a target probed any more. What is under way goes on.</summary>
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

    /// <summary>Begins the next probe that there is a slot for; null: none waits, or none may.</summary>
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

    /// <summary>A probe has come to its end.</summary>
    /// <returns>Whether it was one of this queue's.</returns>
    public bool End(ProbeTurn<TTarget> turn)
    {
        if (!_turns.TryGetValue(turn.Target, out var known) || !known.Begun || !ReferenceEquals(known.Ticket, turn.Ticket))
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
