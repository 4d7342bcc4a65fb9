using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// How much a strategy that hashes may give one endpoint: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016; HAProxy's
/// <c>hash-balance-factor</c>). With the new one, <c>n</c> attempts are in flight at all endpoints that may be picked; each may have up to
/// <code>
/// ceil(percent / 100 * n * weight / sum of weights)
/// </code>
/// of them, and beyond that the strategy's next choice is asked. With 150 %, two of weight 1 and one of weight 2, and 7 in flight before: 3, 3 and 6. As the
/// percentage is above 100, the bounds together exceed what is in flight, so some endpoint always has room.
/// <para>What is in flight is summed up at each pick, which costs about what <c>least-connections</c> does.</para>
/// </summary>
public sealed class LoadBound
{
    /// <summary>The least percentage: at 100 % and few in flight, no endpoint would need to have room.</summary>
    public const int MinPercent = 101;

    public const int MaxPercent = 65_535;

    private readonly EndpointCell[] _cells;
    private readonly int[] _weights;
    private readonly long _divisor;
    private readonly int _percent;

    /// <param name="members">Every endpoint, available or not: their indices are those of <see cref="Of"/>.</param>
    /// <param name="available">Those that may be picked, at least one. Slow start does not count, as everywhere with hashes.</param>
    /// <param name="percent"><see cref="MinPercent"/> to <see cref="MaxPercent"/>.</param>
    public LoadBound(IReadOnlyList<Candidate> members, IReadOnlyList<Candidate> available, int percent)
    {
        _cells = [.. available.Select(member => member.Cell)];
        _weights = [.. members.Select(member => member.Weight)];
        _divisor = 100L * available.Sum(member => member.Weight);
        _percent = percent;
    }

    /// <summary>All attempts in flight, and one more.</summary>
    public long Load()
    {
        var load = 1L;
        foreach (var cell in _cells)
        {
            load += cell.InFlight;
        }

        return load;
    }

    /// <summary>How many of a load a member may have.</summary>
    public int Of(int member, long load) => (int)Math.Min(int.MaxValue, ((_percent * load * _weights[member]) + _divisor - 1) / _divisor);
}
