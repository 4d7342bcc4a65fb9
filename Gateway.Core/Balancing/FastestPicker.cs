using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>health-based</c>: those whose recent latency is within <see cref="AsGood"/> times the lowest share in weighted rotation, so that a small
/// difference does not send everything to one. With 10, 14 and 16 ms the first two get half each; the third is tried again as its memory fades. When none
/// of them can be had, the next lowest is asked.
/// </summary>
public sealed class FastestPicker : ScanningPicker
{
    /// <summary>Up to this multiple of the lowest latency one is as good as the other.</summary>
    public const double AsGood = 1.5;

    /// <summary>Turns drawn before those that are as good are counted: in a large pool they can be few.</summary>
    private const int Draws = 8;

    private readonly double[] _weights;
    private readonly Turns _turns;
    private readonly LowestPicker<RecentLatencyCost> _lowest;

    /// <param name="cells">At least two.</param>
    /// <param name="turns">Theirs, by weight.</param>
    public FastestPicker(EndpointCell[] cells, double[] weights, Turns turns, bool panic)
        : base(cells)
    {
        (_weights, _turns, Panic) = (weights, turns, panic);
        _lowest = new(cells, [.. cells.Select(_ => 1d)], turns) { Panic = panic };
    }

    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        var index = _turns.Next();
        var limit = Limit(index, context.Now, out var lowest);
        if (limit == 0)
        {
            // Never measured, or long ago: looked at by one request at a time.
            return TryLease(Cells[lowest], context, ref full, out var first) ? first : Others(context, full);
        }

        for (var draw = 0; draw < Draws; draw++)
        {
            if (RecentLatencyCost.Of(Cells[index], context.Now) <= limit && TryLease(Cells[index], context, ref full, out var result))
            {
                return result;
            }

            index = _turns.Next();
        }

        return AnyAsGood(limit, context, ref full, out var other) ? other : Others(context, full);
    }

    /// <summary>The highest latency that is as good as the lowest, beginning at the endpoint whose turn it is.</summary>
    private double Limit(int start, TimeSpan now, out int lowest)
    {
        var cells = Cells;
        (var cost, lowest) = (double.MaxValue, start);
        for (var offset = 0; offset < cells.Length && cost > 0; offset++)
        {
            var index = start + offset < cells.Length ? start + offset : start + offset - cells.Length;
            if (RecentLatencyCost.Of(cells[index], now) is var next && next < cost)
            {
                (cost, lowest) = (next, index);
            }
        }

        return cost * AsGood;
    }

    /// <summary>One of those that are as good, at random by weight.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AnyAsGood(double limit, in PickContext context, ref bool full, out PickResult result)
    {
        var total = 0d;
        for (var i = 0; i < Cells.Length; i++)
        {
            total += RecentLatencyCost.Of(Cells[i], context.Now) <= limit ? _weights[i] : 0;
        }

        var left = total * RandomBits.Unit(context.Random);
        for (var i = 0; i < Cells.Length; i++)
        {
            if (RecentLatencyCost.Of(Cells[i], context.Now) <= limit && (left -= _weights[i]) < 0 && TryLease(Cells[i], context, ref full, out result))
            {
                return true;
            }
        }

        result = default;
        return false;
    }

    /// <summary>The lowest of those that can be had.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickResult Others(in PickContext context, bool full)
    {
        var result = _lowest.Pick(context);
        return result.Kind == PickKind.NoneAvailable ? Nothing(full) : result;
    }
}
