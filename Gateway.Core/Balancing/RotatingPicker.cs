using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>round-robin</c> and <c>weighted</c>, which are the same: each endpoint in turn, in proportion to its weight. If one refuses, draws the next turn, so that its
/// share is spread over all others and does not fall on its neighbour alone.
/// </summary>
public sealed class RotatingPicker(EndpointCell[] cells, Turns turns) : ScanningPicker(cells)
{
    /// <summary>Turns drawn before the scan: a heavy endpoint that refuses can come up several times in a row.</summary>
    private const int Draws = 8;

    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        var index = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            index = turns.Next();
            if (TryLease(Cells[index], context, ref full, out var result))
            {
                return result;
            }
        }

        return Scan(index, context, full);
    }
}
