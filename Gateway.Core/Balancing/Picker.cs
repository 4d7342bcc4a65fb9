using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// An immutable snapshot of a pool that picks an endpoint for one attempt. The router builds it and all requests share it: a pick
/// takes no lock and allocates nothing. An endpoint may have tripped or filled up since the snapshot, so each pick asks the
/// endpoint's cell and moves on to the strategy's next choice if it refuses.
/// </summary>
public abstract class Picker
{
    /// <summary>Whether this snapshot ignores health because too few endpoints are available.</summary>
    public bool Panic { get; init; }

    public abstract PickResult Pick(in PickContext context);

    /// <summary>Leases the cell unless the request has tried it; sets <paramref name="full"/> if the cell has no room.</summary>
    private protected bool TryLease(EndpointCell cell, in PickContext context, ref bool full, out PickResult result)
    {
        if (context.Tried is { } tried && tried.Contains(cell))
        {
            result = default;
            return false;
        }

        switch (cell.TryLease(out var lease, OptionsOf(context)))
        {
            case Admission.Granted:
                result = PickResult.Picked(lease, Panic);
                return true;
            case Admission.Full:
                full = true;
                break;
            default:
                break;
        }

        result = default;
        return false;
    }

    /// <summary>
    /// Leases the cell only if that leaves at most <paramref name="max"/> in flight. A cell at that bound is not full: it can still be leased without
    /// one.
    /// </summary>
    private protected bool TryLeaseWithin(int max, EndpointCell cell, in PickContext context, out PickResult result)
    {
        if ((context.Tried is not { } tried || !tried.Contains(cell))
            && cell.InFlight < Math.Min(max, cell.Room(context.Options)) // Avoids counting a full cell up and down whenever it is among the choices.
            && cell.TryLease(out var lease, OptionsOf(context), max) == Admission.Granted)
        {
            result = PickResult.Picked(lease, Panic);
            return true;
        }

        result = default;
        return false;
    }

    private LeaseOptions OptionsOf(in PickContext context) => Panic ? context.Options | LeaseOptions.Panic : context.Options;

    /// <summary>Returns the result of a pick without a lease.</summary>
    private protected static PickResult Nothing(bool full) => full ? PickResult.Saturated : PickResult.NoneAvailable;
}
