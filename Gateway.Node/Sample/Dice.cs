using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Node.Sample;

/// <summary>
/// Random draws for many threads without a lock: the n-th draw is a hash of the seed and n, so a run can be repeated. A share of 0.25 over 10,000 draws comes
/// to 2,500 with a standard deviation of 43.
/// </summary>
internal sealed class Dice(string name, ulong seed)
{
    private readonly long _seed = unchecked((long)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)) ^ seed));
    private long _drawn;

    /// <summary>Uniform in [0, 1).</summary>
    public double Draw()
    {
        var number = Interlocked.Increment(ref _drawn);
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(ref number)), _seed);
        return (hash >> 11) * (1.0 / (1L << 53));
    }
}
