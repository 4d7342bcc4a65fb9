using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary><c>random</c>: draws by weight, and draws again if the endpoint refuses, so its share is spread by weight.</summary>
public sealed class RandomPicker(EndpointCell[] cells, AliasTable table) : ScanningPicker(cells)
{
    private const int Draws = 4;

    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        var bits = context.Random;
        for (var draw = 0; draw < Draws; draw++)
        {
            if (TryLease(Cells[table.Draw(bits)], context, ref full, out var result))
            {
                return result;
            }

            bits = RandomBits.Mix(bits);
        }

        return Scan(RandomBits.Below((uint)bits, Cells.Length), context, full);
    }
}
