namespace Gateway.Actors.Surroundings;

/// <summary>The newest <see cref="ProbeLoad"/>, for whoever is no actor. <c>ProberActor</c> alone writes it.</summary>
public sealed class ProbeLoadHolder
{
    private ProbeLoad _current = ProbeLoad.None;

    public ProbeLoad Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }
}
