using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>health-based</c>: weighted rotation over the endpoints whose recent latency is within <see cref="AsGood"/> times the lowest, so a small
/// difference does not send all requests to one. With 10, 14 and 16 ms the first two get half each; the third is retried as its latency fades.
/// If none of them can be leased, the next lowest is tried.
/// </summary>
public sealed class FastestPicker : ScanningPicker
{
    /// <summary>Endpoints within this multiple of the lowest latency count as equal.</summary>
    public const double AsGood = 1.5;

    /// <summary>Turns drawn before the equal endpoints are enumerated: in a large pool they can be few.</summary>
    private const int Draws = 8;

    private readonly double[] _weights;
    private readonly Turns _turns;
    private readonly LowestPicker<RecentLatencyCost> _lowest;

    /// <param name="cells">At least two.</param>
    /// <param name="turns">Their turns, by weight.</param>
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
            // Never measured, or long ago: one request at a time.
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

    /// <summary>Returns the latency limit for equal endpoints; the search for the lowest begins at <paramref name="start"/>.</summary>
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

    /// <summary>Tries the endpoints within the limit, at random by weight.</summary>
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

    /// <summary>Falls back to the endpoint with the lowest latency that can be leased.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickResult Others(in PickContext context, bool full)
    {
        var result = _lowest.Pick(context);
        return result.Kind == PickKind.NoneAvailable ? Nothing(full) : result;
    }
}
