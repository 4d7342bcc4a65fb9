using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// <c>ip-hash</c>: picks the owner of the request's key on a ring of all members. If it is unavailable or refuses, walks the ring to
/// the next distinct one, so only the keys of the missing endpoint move, each to a place of its own.
/// </summary>
/// <param name="owners">By ring index; null for a member that may not be picked.</param>
/// <param name="cells">The members that may be picked.</param>
public sealed class IpHashPicker(HashRing ring, EndpointCell?[] owners, EndpointCell[] cells) : ScanningPicker(cells)
{
    /// <summary>Points walked before the scan. Eight given owners of 16 are all found within about 43.</summary>
    private const int Steps = 256;

    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        var point = ring.Find(context.Key);
        return owners[ring.Owner(point)] is { } owner && TryLease(owner, context, ref full, out var result)
            ? result
            : Walk(point, context, full);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickResult Walk(int point, in PickContext context, bool full)
    {
        // Bit set of owners tried, modulo 64: in a larger pool one may be skipped here and is found by the scan.
        var asked = Bit(ring.Owner(point));
        for (var step = 1; step < Steps; step++)
        {
            point = point + 1 < ring.Length ? point + 1 : 0;
            var index = ring.Owner(point);
            if (owners[index] is not { } owner || (asked & Bit(index)) != 0)
            {
                continue;
            }

            if (TryLease(owner, context, ref full, out var result))
            {
                return result;
            }

            asked |= Bit(index);
        }

        return Scan(RandomBits.Below((uint)RandomBits.Mix(context.Key), Cells.Length), context, full);
    }

    private static ulong Bit(int index) => 1UL << (index & 63);
}
