namespace Gateway.Core.Balancing;

/// <summary>The order of <c>ip-hash</c>: along the ring from the key's own point.</summary>
public readonly struct RingChoices(HashRing ring) : IHashChoices
{
    /// <summary>
    /// Points walked. Eight given owners of 16 are all found within about 43.
    /// </summary>
    public static int MaxChoices => 256;

    public ulong First(ulong key) => (ulong)ring.Find(key);

    public ulong Next(ulong choice) => choice + 1 < (ulong)ring.Length ? choice + 1 : 0;

    public int Member(ulong choice) => ring.Owner((int)choice);
}
