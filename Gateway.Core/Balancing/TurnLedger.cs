using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// What the turns of a pool have come to so far, kept from one picker to the next. It knows by how many turns each endpoint is
/// behind or ahead of its share; an order built anew starts from there. So the endpoint that was due stays due, one that just had
/// its turn waits, and neither a flapping pool nor a rebuild for every pick floods the first in the list (haproxy#1282, traefik#8787).
/// Picking the largest debt keeps every debt between -1 and about ln(n) turns, whatever the weights do meanwhile. An unavailable
/// member's debt waits for it; a joining endpoint is owed nothing. Used by one thread at a time.
/// </summary>
internal sealed class TurnLedger
{
    private readonly Rotation _rotation = new();
    private readonly Dictionary<EndpointCell, double> _owed = [];
    private EndpointCell[] _cells = [];
    private int[] _weights = [];
    private int[] _order = [];
    private ulong _origin;
    private Turns? _turns;

    /// <summary>The turns of these endpoints from now on; the same object while nothing has changed.</summary>
    /// <param name="cells">Those that may be picked, at least one.</param>
    /// <param name="weights">Their whole weights.</param>
    /// <param name="members">All of the pool: what is not among them is forgotten.</param>
    public Turns Continue(EndpointCell[] cells, int[] weights, IReadOnlyList<Candidate> members)
    {
        if (_turns is not null && cells.AsSpan().SequenceEqual(_cells) && weights.AsSpan().SequenceEqual(_weights))
        {
            return _turns;
        }

        Settle(_rotation.Drawn);
        Forget(members);
        var owed = new double[cells.Length];
        for (var i = 0; i < owed.Length; i++)
        {
            owed[i] = _owed.GetValueOrDefault(cells[i]);
        }

        (_cells, _weights, _order) = (cells, weights, SmoothOrder.Of(weights, owed));
        return _turns = new Turns(_rotation, _origin, _order);
    }

    /// <summary>Books the turns drawn since the order was made. Whole periods leave nobody owing.</summary>
    private void Settle(ulong now)
    {
        if (_order.Length > 0)
        {
            var drawn = (int)((now - _origin) % (ulong)_order.Length);
            for (var i = 0; i < _cells.Length; i++)
            {
                _owed[_cells[i]] = _owed.GetValueOrDefault(_cells[i]) + ((double)drawn * _weights[i] / _order.Length);
            }

            foreach (var turn in _order.AsSpan(0, drawn))
            {
                _owed[_cells[turn]] -= 1;
            }
        }

        _origin = now;
    }

    /// <summary>Drops who left, with what they were owed, and centres the others on zero, which is where a joining one starts.</summary>
    private void Forget(IReadOnlyList<Candidate> members)
    {
        var staying = members.Select(member => member.Cell).ToHashSet();
        foreach (var gone in _owed.Keys.Where(cell => !staying.Contains(cell)).ToArray())
        {
            _owed.Remove(gone);
        }

        var mean = _owed.Count == 0 ? 0 : _owed.Values.Average();
        foreach (var cell in _owed.Keys.ToArray())
        {
            _owed[cell] -= mean;
        }
    }
}
