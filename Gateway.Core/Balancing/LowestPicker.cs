using Gateway.Core.Endpoints;

namespace Gateway.Core.Balancing;

/// <summary>
/// The lowest cost of all: <c>least-connections</c> and <c>health-based</c>. The comparison starts at the endpoint whose turn it is
/// and only a strictly lower cost replaces it, so equals share in rotation. When the lowest refuses, the next lowest is asked.
/// </summary>
public sealed class LowestPicker<TCost>(EndpointCell[] cells, double[] weights, Turns turns) : ScanningPicker(cells)
    where TCost : struct, ICost
{
    /// <summary>Comparisons before the scan: in a saturated pool each of them is in vain.</summary>
    private const int Rounds = 8;

    public override PickResult Pick(in PickContext context)
    {
        var start = turns.Next();
        var full = false;
        var asked = new Rank(-1, 0);
        for (var round = 0; round < Rounds && LowestAfter(ref asked, start, context.Now) is >= 0 and var index; round++)
        {
            if (TryLease(Cells[index], context, ref full, out var result))
            {
                return result;
            }
        }

        return Scan(start, context, full);
    }

    /// <summary>The next after <paramref name="asked"/> in the order of cost, then of distance from the start; -1 if there is none.</summary>
    private int LowestAfter(ref Rank asked, int start, TimeSpan now)
    {
        var (cells, found) = (Cells, -1);
        var lowest = new Rank(double.PositiveInfinity, 0);
        for (var offset = 0; offset < cells.Length; offset++)
        {
            var index = start + offset;
            index = index < cells.Length ? index : index - cells.Length;
            var cost = TCost.Of(cells[index], weights[index], now);
            if (cost < lowest.Cost && (cost > asked.Cost || (cost == asked.Cost && offset > asked.Offset)))
            {
                (found, lowest) = (index, new Rank(cost, offset));
                if (cost == 0)
                {
                    break;
                }
            }
        }

        asked = lowest;
        return found;
    }

    private readonly record struct Rank(double Cost, int Offset);
}
