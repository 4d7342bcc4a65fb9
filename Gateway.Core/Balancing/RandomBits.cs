namespace Gateway.Core.Balancing;

/// <summary>What a pick makes of the random bits it is given.</summary>
public static class RandomBits
{
    /// <summary>
    /// A number from 0 to <paramref name="count"/> - 1, by multiplying and shifting: no division, and a bias of at most count / 2^32.
    /// </summary>
    public static int Below(uint bits, int count) => (int)(((ulong)bits * (uint)count) >> 32);

    /// <summary>A number in [0, 1), of the upper 53 bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    /// <summary>
    /// Two distinct numbers below <paramref name="count"/> (at least 2), every ordered pair equally likely: the second is drawn from
    /// one fewer and moved past the first. Drawing both from all would compare an endpoint with itself once in count times.
    /// </summary>
    public static (int First, int Second) Pair(ulong bits, int count)
    {
        var first = Below((uint)(bits >> 32), count);
        var second = Below((uint)bits, count - 1);
        return (first, second >= first ? second + 1 : second);
    }

    /// <summary>
    /// Other bits from the same source, for a further draw or a further hash: one step of SplitMix64 (Steele, Lea, Flood 2014), a
    /// bijection whose every output bit depends on every input bit.
    /// </summary>
    public static ulong Mix(ulong bits)
    {
        bits += 0x9E37_79B9_7F4A_7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }
}
