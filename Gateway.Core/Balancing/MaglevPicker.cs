using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>maglev</c>: one look into a table of all members. When the one found is unavailable or refuses, a different hash of the same
/// key looks again, so that the keys of a missing endpoint spread over all others and the table need not change.
/// </summary>
/// <param name="owners">By the table's indices; null for a member that may not be picked.</param>
/// <param name="cells">Those that may.</param>
public sealed class MaglevPicker(MaglevTable table, EndpointCell?[] owners, EndpointCell[] cells) : ScanningPicker(cells)
{
    /// <summary>Looks before the scan: with half of the members out, 1 key in 16 gets as far.</summary>
    private const int Looks = 4;

    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        var hash = context.Key;
        for (var look = 0; look < Looks; look++)
        {
            hash = RandomBits.Mix(hash);
            if (owners[table[hash]] is { } owner && TryLease(owner, context, ref full, out var result))
            {
                return result;
            }
        }

        return Scan(RandomBits.Below((uint)hash, Cells.Length), context, full);
    }
}
