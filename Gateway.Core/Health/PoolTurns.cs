namespace Gateway.Core.Health;

/// <summary>Queues of waiting probes, one per pool, served in turn.</summary>
internal sealed class PoolTurns<TTarget>
    where TTarget : notnull
{
    private readonly Dictionary<string, LinkedList<ProbeTurn<TTarget>>> _lines = new(StringComparer.Ordinal);
    private readonly Queue<string> _pools = new();
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);

    /// <summary>The time the longest waiting probe was requested.</summary>
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

    /// <summary>Removes a probe from the middle of the queue: rare, so by search.</summary>
    public void Remove(ProbeTurn<TTarget> turn)
    {
        // A pool whose queue becomes empty here stays in the turn order: its turn is skipped, or used by new probes.
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
