namespace Gateway.Core.Balancing;

/// <summary>The order in which a hashing strategy tries the members of a pool for a key. Implemented by structs, to avoid a virtual call per choice.</summary>
public interface IHashChoices
{
    /// <summary>The maximum number of choices to try.</summary>
    static abstract int MaxChoices { get; }

    /// <summary>Returns the first choice for a key.</summary>
    ulong First(ulong key);

    /// <summary>Returns the choice after <paramref name="choice"/>.</summary>
    ulong Next(ulong choice);

    /// <summary>Returns the member of a choice.</summary>
    int Member(ulong choice);
}
