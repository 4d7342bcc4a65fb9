namespace Gateway.Core.Balancing;

/// <summary>The picker of a pool in which nothing is available.</summary>
public sealed class EmptyPicker : Picker
{
    private EmptyPicker()
    {
    }

    public static EmptyPicker Instance { get; } = new();

    public override PickResult Pick(in PickContext context) => PickResult.NoneAvailable;
}
