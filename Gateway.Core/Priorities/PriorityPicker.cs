using System.Runtime.CompilerServices;
using Gateway.Core.Balancing;

namespace Gateway.Core.Priorities;

/// <summary>
/// Draws a level by the loads, then picks within it. If the level is full, tried or tripped since, tries the others in the order of their
/// priorities: so a retry can go to another level, and a pick fails only if each untried endpoint has refused.
/// <para>
/// The levels lie one after another on a line of 100, each as long as its load. So when the first level loses health, only the requests at its end move on,
/// and with a hashing strategy all other clients stay where they are (Envoy chooses by the hash likewise).
/// </para>
/// </summary>
public sealed class PriorityPicker : Picker
{
    private readonly Picker[] _levels;
    private readonly int[] _priorities;
    private readonly WeightedSplit _loads;
    private readonly Picker _held;
    private readonly bool _byKey;

    /// <param name="levels">At least two, by priority.</param>
    /// <param name="pickers">Their pickers, without held endpoints.</param>
    /// <param name="held">Picks among the held endpoints: the last resort of the whole pool.</param>
    /// <param name="byKey">Whether to draw by the request's key, so that a hashing strategy keeps a client where it is.</param>
    public PriorityPicker(IReadOnlyList<PriorityLevel> levels, Picker[] pickers, Picker held, bool byKey)
    {
        _levels = pickers;
        _priorities = [.. levels.Select(level => level.Priority)];
        _loads = new WeightedSplit([.. levels.Select(level => level.Load)]);
        (_held, _byKey) = (held, byKey);
        Panic = levels.Any(level => level.Panic);
    }

    public override PickResult Pick(in PickContext context)
    {
        // Uses other bits than zones and strategies do: bits that led to a level would favour some of its endpoints.
        var level = _loads.At(RandomBits.Mix(RandomBits.Mix(~(_byKey ? context.Key : context.Random))));
        var result = _levels[level].Pick(context);
        return result.Kind == PickKind.Picked ? result with { Priority = _priorities[level] } : PickElsewhere(level, context, result.Kind);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickResult PickElsewhere(int asked, in PickContext context, PickKind kind)
    {
        var full = kind == PickKind.Saturated;
        for (var level = 0; level < _levels.Length; level++)
        {
            if (level == asked)
            {
                continue;
            }

            var result = _levels[level].Pick(context);
            if (result.Kind == PickKind.Picked)
            {
                return result with { Priority = _priorities[level] };
            }

            full |= result.Kind == PickKind.Saturated;
        }

        var last = _held.Pick(context);
        return last.Kind == PickKind.Picked ? last : Nothing(full || last.Kind == PickKind.Saturated);
    }
}
