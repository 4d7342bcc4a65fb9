namespace Gateway.Core.Balancing;

/// <summary>Derives numbers from the random bits given to a pick.</summary>
public static class RandomBits
{
    /// <summary>
    /// Returns a number from 0 to <paramref name="count"/> - 1 by multiply and shift: no division, and a bias of at most count /
    /// 2^32.
    /// </summary>
    public static int Below(uint bits, int count) => (int)(((ulong)bits * (uint)count) >> 32);

    /// <summary>Returns a number in [0, 1) from the upper 53 bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    /// <summary>
    /// Returns two distinct numbers below <paramref name="count"/> (at least 2), all ordered pairs equally likely: the second is
    /// drawn from one fewer and moved past the first. Two independent draws would coincide once in count times.
    /// </summary>
    public static (int First, int Second) Pair(ulong bits, int count)
    {
        var first = Below((uint)(bits >> 32), count);
        var second = Below((uint)bits, count - 1);
        return (first, second >= first ? second + 1 : second);
    }

    /// <summary>
    /// Derives further bits for another draw or hash: one step of SplitMix64 (Steele, Lea, Flood 2014), a bijection whose every
    /// output bit depends on every input bit.
    /// </summary>
    public static ulong Mix(ulong bits)
    {
        bits += 0x9E37_79B9_7F4A_7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }
}
