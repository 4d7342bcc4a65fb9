namespace Gateway.Core.Balancing;

/// <summary>
/// NGINX's smooth weighted round robin, precomputed as a sequence so that a pick only reads it. Each step adds every endpoint's
/// weight to its credit, picks the largest credit (the first on a tie), and subtracts the total from it.
/// Weights 5, 1, 1 give a a b a c a a.
/// </summary>
public static class SmoothOrder
{
    /// <summary>The longest sequence; weights that need a longer one are scaled down, to no less than 1 each.</summary>
    public const int MaxLength = 65_536;

    /// <summary>Resolution of fractional weights (slow start).</summary>
    private const double Hundredths = 100;

    /// <summary>Resolution of credits: the rounding of carried-over credits must not break ties.</summary>
    private const long Unit = 1_000_000;

    /// <summary>Reduces weights to whole numbers in the same proportion, by their greatest common divisor, small enough for a sequence.</summary>
    /// <param name="weights">Above 0. If any has a fraction, all are rounded to hundredths.</param>
    public static int[] ToIntegers(ReadOnlySpan<double> weights)
    {
        var unit = 1d;
        var total = 0d;
        foreach (var weight in weights)
        {
            unit = double.IsInteger(weight) ? unit : Hundredths;
            total += weight;
        }

        // Reserves room for rounding up to 1, so the sum stays within the length.
        var longest = Math.Max(MaxLength, 2 * weights.Length);
        var scale = total * unit <= longest ? unit : (longest - weights.Length) / total;
        var whole = new int[weights.Length];
        var divisor = 0;
        for (var i = 0; i < whole.Length; i++)
        {
            var exact = weights[i] * scale;
            whole[i] = (int)Math.Max(1, scale < unit ? Math.Floor(exact) : Math.Round(exact));
            divisor = GreatestCommonDivisor(whole[i], divisor);
        }

        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] /= divisor;
        }

        return whole;
    }

    /// <summary>
    /// Returns one period, with each index as often as its weight says. Starting from <paramref name="owed"/> no endpoint gets more than its
    /// weight within the period either, so the period ends with the credits it began with and can be repeated endlessly.
    /// <para>
    /// Endpoints of equal weight gain credit alike, so their relative order changes only when one is picked: each weight has a heap, and a step
    /// compares the heads. A sequence of length L over n endpoints with d distinct weights costs L (d + log n) steps; whole weights that sum to L have
    /// d below the root of 2 L (362 for the longest). Example: 10,000 equal weights cost 10,000 x 14 instead of 10,000 x 10,000.
    /// </para>
    /// </summary>
    /// <param name="owed">How many turns each is behind its share (negative: ahead), from <see cref="TurnLedger"/>; zeros at first.</param>
    public static int[] Of(ReadOnlySpan<int> weights, ReadOnlySpan<double> owed)
    {
        var total = 0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var groups = GroupByWeight(weights, owed, total);
        var left = weights.ToArray();
        var order = new int[total];
        for (var step = 0; step < order.Length; step++)
        {
            var (group, credit) = Highest(groups, step + 1);
            var turn = group.Waiting.Dequeue();
            order[step] = turn;
            if (--left[turn] > 0)
            {
                group.Waiting.Enqueue(turn, new(credit - (total * Unit), turn));
            }
        }

        return order;
    }

    private static Group[] GroupByWeight(ReadOnlySpan<int> weights, ReadOnlySpan<double> owed, int total)
    {
        var byWeight = new Dictionary<int, List<(int, Rank)>>();
        for (var i = 0; i < weights.Length; i++)
        {
            if (!byWeight.TryGetValue(weights[i], out var members))
            {
                byWeight[weights[i]] = members = [];
            }

            members.Add((i, new((long)Math.Round(owed[i] * total * Unit), i)));
        }

        return [.. byWeight.Select(group => new Group(group.Key * Unit, new(group.Value)))];
    }

    /// <summary>
    /// Returns the group whose head has the largest credit after <paramref name="steps"/> steps (the first on a tie), and that credit.
    /// </summary>
    private static (Group Group, long Credit) Highest(Group[] groups, int steps)
    {
        var (best, bestRank, bestCredit) = ((Group?)null, new Rank(long.MinValue, int.MaxValue), 0L);
        foreach (var group in groups)
        {
            if (group.Waiting.TryPeek(out _, out var head))
            {
                var now = head with { Credit = head.Credit + (steps * group.Gain) };
                if (now.CompareTo(bestRank) < 0)
                {
                    (best, bestRank, bestCredit) = (group, now, head.Credit);
                }
            }
        }

        return (best!, bestCredit);
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    /// <summary>The endpoints of one weight with turns left.</summary>
    /// <param name="Gain">The credit each gains per step.</param>
    private sealed record Group(long Gain, PriorityQueue<int, Rank> Waiting);

    /// <summary>Orders by credit, largest first, then by list position.</summary>
    private readonly record struct Rank(long Credit, int Index) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Credit != other.Credit ? other.Credit.CompareTo(Credit) : Index.CompareTo(other.Index);
    }
}
