namespace Gateway.Core.Balancing;

/// <summary>
/// A weighted draw in constant time (Walker's alias method, built as Vose does): every index holds one n-th of the probability, its
/// own up to a threshold, another's beyond. Weights 3 and 1: index 0 is all its own, index 1 half its own and half 0's.
/// </summary>
public sealed class AliasTable
{
    /// <summary>Redraws for a second index: with the largest weights beside the smallest, most draws return the first again.</summary>
    private const int Redraws = 8;

    private readonly uint[] _thresholds;
    private readonly int[] _aliases;

    /// <param name="weights">Above 0, at least one.</param>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        var mean = 0d;
        foreach (var weight in weights)
        {
            mean += weight / weights.Length;
        }

        _thresholds = new uint[weights.Length];
        _aliases = new int[weights.Length];
        var rest = new double[weights.Length];
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < rest.Length; i++)
        {
            (_thresholds[i], _aliases[i]) = (uint.MaxValue, i);
            rest[i] = weights[i] / mean;
            (rest[i] < 1 ? small : large).Push(i);
        }

        // Entries left on either stack by rounding keep their whole column.
        while (small.TryPop(out var poor) && large.TryPop(out var rich))
        {
            (_thresholds[poor], _aliases[poor]) = ((uint)(rest[poor] * uint.MaxValue), rich);
            rest[rich] -= 1 - rest[poor];
            (rest[rich] < 1 ? small : large).Push(rich);
        }
    }

    /// <summary>Draws an index in proportion to its weight: the upper half of the bits chooses the column, the lower half the side.</summary>
    public int Draw(ulong bits)
    {
        var index = RandomBits.Below((uint)(bits >> 32), _thresholds.Length);
        return (uint)bits <= _thresholds[index] ? index : _aliases[index];
    }

    /// <summary>
    /// Draws two distinct indices (of at least 2): the first in proportion to its weight, the second likewise among the others, or uniformly if that
    /// takes too many draws.
    /// </summary>
    public (int First, int Second) Pair(ulong bits)
    {
        var first = Draw(bits);
        for (var draw = 0; draw < Redraws; draw++)
        {
            bits = RandomBits.Mix(bits);
            if (Draw(bits) is var second && second != first)
            {
                return (first, second);
            }
        }

        var other = RandomBits.Below((uint)bits, _aliases.Length - 1);
        return (first, other >= first ? other + 1 : other);
    }
}
