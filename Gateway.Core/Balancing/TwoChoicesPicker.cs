using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>p2c</c> and <c>peak-ewma</c>: picks the better of two distinct random endpoints. Nearly as even as comparing all (Mitzenmacher),
/// without herding to one endpoint. On a tie the first drawn wins, so idle endpoints share by their draws. If the better one refuses,
/// tries the other, then all from a random start.
/// </summary>
/// <param name="cells">At least two.</param>
/// <param name="table">Draws by weight; null for uniform draws.</param>
public sealed class TwoChoicesPicker<TCost>(EndpointCell[] cells, double[] weights, AliasTable? table = null) : ScanningPicker(cells)
    where TCost : struct, ICost
{
    public override PickResult Pick(in PickContext context)
    {
        var cells = Cells;
        var (first, second) = table is null ? RandomBits.Pair(context.Random, cells.Length) : table.Pair(context.Random);

        // Branch-free: which of two random endpoints is better is unpredictable, also for the processor.
        var isSecond = TCost.Of(cells[second], context.Now) * weights[first] < TCost.Of(cells[first], context.Now) * weights[second];
        var better = isSecond ? second : first;
        var other = first + second - better;

        var full = false;
        return TryLease(cells[better], context, ref full, out var result) || TryLease(cells[other], context, ref full, out result)
            ? result
            : Scan(RandomBits.Below((uint)RandomBits.Mix(context.Random), cells.Length), context, full);
    }
}
