namespace Gateway.Core.Balancing;

/// <summary>The order of <c>maglev</c>: successive hashes of the key.</summary>
public readonly struct TableChoices(MaglevTable table) : IHashChoices
{
    /// <summary>
    /// Lookups. With half of the members at their bound, 1 key in 65,536 gets this far.
    /// </summary>
    public static int MaxChoices => 16;

    public ulong First(ulong key) => RandomBits.Mix(key);

    public ulong Next(ulong choice) => RandomBits.Mix(choice);

    public int Member(ulong choice) => table[choice];
}
