namespace Gateway.Core.Balancing;

/// <summary>
/// NGINX's smooth weighted round robin, laid out as a sequence beforehand so that a pick need not compute it. Each step adds its
/// weight to every endpoint's credit, picks the largest credit (the first on a tie), and takes the total from it.
/// Weights 5, 1, 1 give a a b a c a a.
/// </summary>
public static class SmoothOrder
{
    /// <summary>No sequence is longer; weights that would need it are scaled down, to no less than 1 each.</summary>
    public const int MaxLength = 65_536;

    /// <summary>About what may be spent on one sequence: its length times the number of endpoints.</summary>
    private const int MaxSteps = 16 << 20;

    /// <summary>Fractional weights (slow start) are kept to a hundredth.</summary>
    private const double Hundredths = 100;

    /// <summary>Credits are whole when a sequence starts from nothing; carried over, rounding must not break their ties.</summary>
    private const double Tie = 1e-6;

    /// <summary>Whole weights in the given proportion, over their greatest common divisor, few enough for a sequence.</summary>
    /// <param name="weights">Above 0. With a fraction in any of them, all are taken to hundredths.</param>
    public static int[] Whole(ReadOnlySpan<double> weights)
    {
        var unit = 1d;
        var total = 0d;
        foreach (var weight in weights)
        {
            unit = double.IsInteger(weight) ? unit : Hundredths;
            total += weight;
        }

        // Room for the rounding up to 1 is set aside, so the sum of what is left stays within the length.
        var longest = Math.Max(Math.Min(MaxLength, MaxSteps / weights.Length), 2 * weights.Length);
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
    /// One period: each index as often as its weight says. Going on from <paramref name="owed"/>, no endpoint gets more than its
    /// weight within the period either, so that the period ends with the credits it began with and can be repeated for ever.
    /// </summary>
    /// <param name="owed">The turns by which each is behind its share (negative: ahead), from <see cref="TurnLedger"/>; zeros at first.</param>
    public static int[] Of(ReadOnlySpan<int> weights, ReadOnlySpan<double> owed)
    {
        var total = 0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var credit = new double[weights.Length];
        var left = weights.ToArray();
        for (var i = 0; i < credit.Length; i++)
        {
            credit[i] = owed[i] * total;
        }

        var order = new int[total];
        foreach (ref var turn in order.AsSpan())
        {
            turn = Step(weights, credit, left);
            credit[turn] -= total;
            left[turn]--;
        }

        return order;
    }

    private static int Step(ReadOnlySpan<int> weights, Span<double> credit, ReadOnlySpan<int> left)
    {
        var largest = double.NegativeInfinity;
        var chosen = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var current = credit[i] += weights[i];
            if (current > largest + Tie && left[i] > 0)
            {
                largest = current;
                chosen = i;
            }
        }

        return chosen;
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
