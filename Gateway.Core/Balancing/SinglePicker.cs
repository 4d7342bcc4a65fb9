using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>The picker for one available endpoint, where all strategies are equivalent.</summary>
public sealed class SinglePicker(EndpointCell cell) : Picker
{
    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        return TryLease(cell, context, ref full, out var result) ? result : Nothing(full);
    }
}
