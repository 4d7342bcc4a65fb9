using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>least-connections</c>: picks the lowest cost per weight. The comparison starts at the endpoint whose turn it is, and only a
/// strictly lower cost replaces it, so equal endpoints rotate. If the lowest refuses, tries the next lowest.
/// </summary>
public sealed class LowestPicker<TCost>(EndpointCell[] cells, double[] weights, Turns turns) : ScanningPicker(cells)
    where TCost : struct, ICost
{
    /// <summary>Comparisons before the scan: in a saturated pool each one is wasted.</summary>
    private const int Rounds = 8;

    // Stored twice, so a round from any start is one contiguous run.
    private readonly EndpointCell[] _cells = [.. cells, .. cells];
    private readonly double[] _weights = [.. weights, .. weights];

    public override PickResult Pick(in PickContext context)
    {
        var start = turns.Next();
        var full = false;
        var asked = Lowest(start, context.Now);
        for (var round = 1; asked.Place >= 0; round++)
        {
            if (TryLease(_cells[asked.Place], context, ref full, out var result))
            {
                return result;
            }

            asked = round < Rounds ? LowestAfter(asked, start, context.Now) : Rank.None;
        }

        return Scan(start, context, full);
    }

    private Rank Lowest(int start, TimeSpan now)
    {
        var round = new ReadOnlySpan<EndpointCell>(_cells, start, Cells.Length);
        var shares = new ReadOnlySpan<double>(_weights, start, round.Length);
        var (lowest, lowestWeight, found) = Rank.None;
        for (var offset = 0; offset < round.Length; offset++)
        {
            var (cost, weight) = (TCost.Of(round[offset], now), shares[offset]);
            if (cost * lowestWeight < lowest * weight)
            {
                (lowest, lowestWeight, found) = (cost, weight, start + offset);
                if (cost == 0)
                {
                    break;
                }
            }
        }

        return new Rank(lowest, lowestWeight, found);
    }

    /// <summary>Returns the endpoint after <paramref name="asked"/> in order of cost, then of distance from the start.</summary>
    private Rank LowestAfter(in Rank asked, int start, TimeSpan now)
    {
        var lowest = Rank.None;
        for (var place = start; place < start + Cells.Length; place++)
        {
            var rank = new Rank(TCost.Of(_cells[place], now), _weights[place], place);
            var isLater = asked.IsBelow(rank) || (!rank.IsBelow(asked) && place > asked.Place);
            if (isLater && rank.IsBelow(lowest))
            {
                lowest = rank;
            }
        }

        return lowest;
    }

    /// <summary>
    /// An endpoint's cost. Costs per weight are compared by cross-multiplication, which is much cheaper than division.
    /// </summary>
    private readonly record struct Rank(double Cost, double Weight, int Place)
    {
        /// <summary>A rank above all others.</summary>
        public static Rank None => new(1, 0, -1);

        public bool IsBelow(in Rank other) => Cost * other.Weight < other.Cost * Weight;
    }
}
