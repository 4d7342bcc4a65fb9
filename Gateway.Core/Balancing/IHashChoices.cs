namespace Gateway.Core.Balancing;

/// <summary>In which order a strategy that hashes asks the members of a pool about a key. Implemented by structs, so that a pick has no call for each.</summary>
public interface IHashChoices
{
    /// <summary>Choices that are worth asking.</summary>
    static abstract int Most { get; }

    /// <summary>The first choice for a key.</summary>
    ulong First(ulong key);

    /// <summary>The choice after this one.</summary>
    ulong Next(ulong choice);

    /// <summary>The member that a choice means.</summary>
    int Member(ulong choice);
}
