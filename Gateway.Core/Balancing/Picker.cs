using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// An immutable snapshot of a pool that picks an endpoint for one attempt. Built by the router, read by every request at once:
/// a pick takes no lock and allocates nothing. An endpoint that the snapshot offers can have tripped or filled up since, so each
/// pick asks the endpoint's cell, and goes on to the strategy's next choice when it refuses.
/// </summary>
public abstract class Picker
{
    /// <summary>Whether this snapshot ignores health, too few endpoints being available.</summary>
    public bool Panic { get; init; }

    public abstract PickResult Pick(in PickContext context);

    /// <summary>Leases the cell unless the request has tried it; remembers in <paramref name="full"/> that one had no room.</summary>
    private protected bool TryLease(EndpointCell cell, in PickContext context, ref bool full, out PickResult result)
    {
        if (context.Tried is { } tried && tried.Contains(cell))
        {
            result = default;
            return false;
        }

        switch (cell.TryLease(Panic, out var lease, context.Queue, context.Insist))
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

    /// <summary>The same, only if it has no more than so many in flight then. One that has is not full: it can still be asked without a bound.</summary>
    private protected bool TryLeaseWithin(int most, EndpointCell cell, in PickContext context, out PickResult result)
    {
        if ((context.Tried is not { } tried || !tried.Contains(cell))
            && cell.InFlight < Math.Min(most, cell.Room(context.Queue)) // A full one is not counted up and down each time that it is among the choices.
            && cell.TryLease(Panic, out var lease, context.Queue, context.Insist, most) == Admission.Granted)
        {
            result = PickResult.Picked(lease, Panic);
            return true;
        }

        result = default;
        return false;
    }

    /// <summary>What a pick that got no lease comes to.</summary>
    private protected static PickResult Nothing(bool full) => full ? PickResult.Saturated : PickResult.NoneAvailable;
}
