namespace Gateway.Core.Balancing;

/// <summary>The picker of a pool with no available endpoint.</summary>
public sealed class EmptyPicker : Picker
{
    private EmptyPicker()
    {
    }

    public static EmptyPicker Instance { get; } = new();

    public override PickResult Pick(in PickContext context) => PickResult.NoneAvailable;
}
