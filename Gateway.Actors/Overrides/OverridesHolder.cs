using Gateway.Core.Overrides;

namespace Gateway.Actors.Overrides;

/// <summary>
/// What operators have said of endpoints, for whoever is no actor or has just begun; so it survives a crash of those that are. <see cref="OverridesActor"/> alone
/// writes it.
/// </summary>
public sealed class OverridesHolder
{
    private OverrideMap _current = OverrideMap.Empty;

    public OverrideMap Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }
}
