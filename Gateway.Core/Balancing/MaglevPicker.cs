using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>maglev</c>: one lookup in a table of all members. If that endpoint is unavailable or refuses, looks up another hash of the
/// same key, so the keys of a missing endpoint spread over all others and the table need not change.
/// </summary>
/// <param name="owners">By table index; null for a member that may not be picked.</param>
/// <param name="cells">The members that may be picked.</param>
public sealed class MaglevPicker(MaglevTable table, EndpointCell?[] owners, EndpointCell[] cells) : ScanningPicker(cells)
{
    /// <summary>Lookups before the scan: with half of the members unavailable, 1 key in 16 gets this far.</summary>
    private const int MaxLookups = 4;

    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        var hash = context.Key;
        for (var lookup = 0; lookup < MaxLookups; lookup++)
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
