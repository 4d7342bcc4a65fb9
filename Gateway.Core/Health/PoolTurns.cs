namespace Gateway.Core.Health;

/// <summary>Lines of waiting probes, one for each pool; pools take turns.</summary>
internal sealed class PoolTurns<TTarget>
    where TTarget : notnull
{
    private readonly Dictionary<string, LinkedList<ProbeTurn<TTarget>>> _lines = new(StringComparer.Ordinal);
    private readonly Queue<string> _pools = new();
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);

    /// <summary>When the one was asked for that waits longest.</summary>
    public TimeSpan? Oldest => _lines.Count == 0 ? null : _lines.Values.Min(line => line.First!.Value.Since);

    public void Add(ProbeTurn<TTarget> turn)
    {
        if (!_lines.TryGetValue(turn.Pool, out var line))
        {
            _lines[turn.Pool] = line = new();
            Queue(turn.Pool);
        }

        line.AddLast(turn);
    }

    public ProbeTurn<TTarget>? Take()
    {
        while (_pools.TryDequeue(out var pool))
        {
            _queued.Remove(pool);
            if (_lines.TryGetValue(pool, out var line))
            {
                var turn = line.First!.Value;
                line.RemoveFirst();
                if (line.Count == 0)
                {
                    _lines.Remove(pool);
                }
                else
                {
                    Queue(pool);
                }

                return turn;
            }
        }

        return null;
    }

    /// <summary>Takes one out that has not had its turn: rare, so looked for.</summary>
    public void Remove(ProbeTurn<TTarget> turn)
    {
        // A pool whose line ends here stays in the queue of pools: its turn is passed over, or taken by a line that begins anew.
        if (_lines.TryGetValue(turn.Pool, out var line) && line.Remove(turn) && line.Count == 0)
        {
            _lines.Remove(turn.Pool);
        }
    }

    private void Queue(string pool)
    {
        if (_queued.Add(pool))
        {
            _pools.Enqueue(pool);
        }
    }
}
