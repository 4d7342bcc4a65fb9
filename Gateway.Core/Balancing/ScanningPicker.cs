using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// A picker that falls back to a scan of all endpoints. A strategy makes a few choices of its own; if all of them refuse, the
/// scan finds any endpoint that can still be leased. A pick fails only if every untried endpoint has refused.
/// </summary>
public abstract class ScanningPicker : Picker
{
    private protected ScanningPicker(EndpointCell[] cells) => Cells = cells;

    /// <summary>The endpoints that may be picked.</summary>
    private protected EndpointCell[] Cells { get; }

    /// <summary>
    /// Tries all endpoints in order from <paramref name="start"/>, which the strategy varies so that no endpoint is favoured.
    /// </summary>
    /// <param name="full">Whether an endpoint tried before had no room.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected PickResult Scan(int start, in PickContext context, bool full)
    {
        for (var offset = 0; offset < Cells.Length; offset++)
        {
            var index = start + offset;
            index = index < Cells.Length ? index : index - Cells.Length;
            if (TryLease(Cells[index], context, ref full, out var result))
            {
                return result;
            }
        }

        return Nothing(full);
    }
}
