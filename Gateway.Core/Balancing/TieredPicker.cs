namespace Gateway.Core.Balancing;

/// <summary>Falls back to the second picker if the first has none: the Degraded of <c>health-based</c> when no Healthy is left.</summary>
public sealed class TieredPicker(Picker first, Picker second) : Picker
{
    public override PickResult Pick(in PickContext context)
    {
        var preferred = first.Pick(context);
        if (preferred.Kind == PickKind.Picked)
        {
            return preferred;
        }

        var other = second.Pick(context);
        return other.Kind == PickKind.NoneAvailable ? preferred : other;
    }
}
