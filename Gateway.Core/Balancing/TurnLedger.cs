using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// The turns each endpoint of a pool is behind or ahead of its share, kept from one picker to the next; a rebuilt order starts from
/// there. So the endpoint due next stays due, one that just had its turn waits, and neither a flapping pool nor a rebuild for every
/// pick favours the first in the list (haproxy#1282, traefik#8787). Picking the largest debt keeps every debt between -1 and about
/// ln(n) turns, whatever the weights do meanwhile. An unavailable member keeps its debt; a joining endpoint starts with none. Used
/// by one thread at a time.
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

    /// <summary>Returns the turns for these endpoints; the same object while nothing has changed.</summary>
    /// <param name="cells">The endpoints that may be picked, at least one.</param>
    /// <param name="weights">Their whole weights.</param>
    /// <param name="members">All members of the pool; endpoints not among them are removed.</param>
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

    /// <summary>Accounts for the turns drawn since the order was built. Whole periods leave no debt.</summary>
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

    /// <summary>Removes departed endpoints with their debts, and centres the others on zero, where a joining one starts.</summary>
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
