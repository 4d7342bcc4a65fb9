using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// A hashing strategy with a bound on each endpoint's attempts in flight: picks the first of the strategy's choices that is below its bound. If all
/// choices are at their bound, picks any endpoint that is not; if only tried or unavailable endpoints are left, falls back to the strategy alone, so the
/// bound never refuses a request. A diverted client returns to its own endpoint with the first request that finds it below the bound.
/// </summary>
/// <param name="choices">The members in the order in which the strategy asks them.</param>
/// <param name="owners">By member index; null for a member that may not be picked.</param>
/// <param name="bound">The bound on each endpoint.</param>
/// <param name="unbound">The strategy without a bound.</param>
public sealed class BoundedPicker<TChoices>(TChoices choices, EndpointCell?[] owners, LoadBound bound, Picker unbound) : Picker
    where TChoices : struct, IHashChoices
{
    public override PickResult Pick(in PickContext context)
    {
        var load = bound.Load();
        var choice = choices.First(context.Key);
        for (var asked = 0; asked < TChoices.MaxChoices; asked++)
        {
            var member = choices.Member(choice);
            if (owners[member] is { } owner && TryLeaseWithin(bound.Of(member, load), owner, context, out var result))
            {
                return result;
            }

            choice = choices.Next(choice);
        }

        return PickAnyBelow(load, context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickResult PickAnyBelow(long load, in PickContext context)
    {
        var start = RandomBits.Below((uint)RandomBits.Mix(context.Key), owners.Length);
        for (var offset = 0; offset < owners.Length; offset++)
        {
            var member = start + offset < owners.Length ? start + offset : start + offset - owners.Length;
            if (owners[member] is { } owner && TryLeaseWithin(bound.Of(member, load), owner, context, out var result))
            {
                return result;
            }
        }

        return unbound.Pick(context);
    }
}
