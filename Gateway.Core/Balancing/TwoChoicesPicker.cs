using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// The better of two distinct endpoints at random: <c>p2c</c> and <c>peak-ewma</c>. Nearly as even as comparing all (Mitzenmacher),
/// and no herd runs to one endpoint. Equals go to the first drawn: idle endpoints share as they are drawn. When the better one refuses the
/// other is asked, then all from a random one on.
/// </summary>
/// <param name="cells">At least two.</param>
/// <param name="table">Draws them by weight; null: all alike.</param>
public sealed class TwoChoicesPicker<TCost>(EndpointCell[] cells, double[] weights, AliasTable? table = null) : ScanningPicker(cells)
    where TCost : struct, ICost
{
    public override PickResult Pick(in PickContext context)
    {
        var cells = Cells;
        var (first, second) = table is null ? RandomBits.Pair(context.Random, cells.Length) : table.Pair(context.Random);

        // Chosen without a branch: which of two at random is better nobody can predict, nor can the processor.
        var isSecond = TCost.Of(cells[second], context.Now) * weights[first] < TCost.Of(cells[first], context.Now) * weights[second];
        var better = isSecond ? second : first;
        var other = first + second - better;

        var full = false;
        return TryLease(cells[better], context, ref full, out var result) || TryLease(cells[other], context, ref full, out result)
            ? result
            : Scan(RandomBits.Below((uint)RandomBits.Mix(context.Random), cells.Length), context, full);
    }
}
