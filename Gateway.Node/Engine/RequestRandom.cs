namespace Gateway.Node.Engine;

/// <summary>Random bits for picks: one generator (SplitMix64) per thread, seeded by the system. Not for secrets.</summary>
internal static class RequestRandom
{
    [ThreadStatic]
    private static ulong _state;

    /// <summary>Seeds this thread's generator, for reproducible results.</summary>
    public static void Seed(ulong seed) => _state = seed | 1;

    public static ulong Next()
    {
        if (_state == 0)
        {
            _state = (ulong)new Random().NextInt64() | 1; // Not from a cryptographic generator: that loads OpenSSL, 4 MiB.
        }

        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));
}
