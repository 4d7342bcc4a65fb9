using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// A strategy that hashes, with a bound on what each endpoint may have in flight: the first of the strategy's choices that is below its bound. Where all
/// choices are at theirs, any endpoint that is not, and when only tried or unavailable ones are, the strategy alone: the bound refuses no request.
/// A client that was sent elsewhere is back at its own endpoint with the first request that finds it below the bound.
/// </summary>
/// <param name="choices">The members in the order in which the strategy asks them.</param>
/// <param name="owners">By the members' indices; null for one that may not be picked.</param>
/// <param name="bound">Theirs.</param>
/// <param name="unbound">The strategy without a bound.</param>
public sealed class BoundedPicker<TChoices>(TChoices choices, EndpointCell?[] owners, LoadBound bound, Picker unbound) : Picker
    where TChoices : struct, IHashChoices
{
    public override PickResult Pick(in PickContext context)
    {
        var load = bound.Load();
        var choice = choices.First(context.Key);
        for (var asked = 0; asked < TChoices.Most; asked++)
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
