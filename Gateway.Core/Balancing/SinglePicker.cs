using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>The picker of one available endpoint: every strategy comes to the same, so none is paid for.</summary>
public sealed class SinglePicker(EndpointCell cell) : Picker
{
    public override PickResult Pick(in PickContext context)
    {
        var full = false;
        return TryLease(cell, context, ref full, out var result) ? result : Nothing(full);
    }
}
