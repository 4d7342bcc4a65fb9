namespace Gateway.Actors.Surroundings;

/// <summary>The newest <see cref="ProbeLoad"/>, for code outside actors. Written by <c>ProberActor</c> only.</summary>
public sealed class ProbeLoadHolder
{
    private ProbeLoad _current = ProbeLoad.None;

    public ProbeLoad Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }
}
