using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// The bound on each endpoint's attempts under a hashing strategy: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016;
/// HAProxy's <c>hash-balance-factor</c>). With <c>n</c> attempts in flight at all available endpoints, the new one included, each may have up to
/// <code>
/// ceil(percent / 100 * n * weight / sum of weights)
/// </code>
/// of them; beyond that the strategy's next choice is tried. With 150 %, two of weight 1 and one of weight 2, and 7 in flight before: 3, 3 and 6. As the
/// percentage is above 100, the sum of the bounds exceeds the attempts in flight, so some endpoint always has room.
/// <para>Each pick adds up the attempts in flight, which costs about as much as <c>least-connections</c>.</para>
/// </summary>
public sealed class LoadBound
{
    /// <summary>The lowest percentage: at 100 % with few in flight, possibly no endpoint has room.</summary>
    public const int MinPercent = 101;

    public const int MaxPercent = 65_535;

    private readonly EndpointCell[] _cells;
    private readonly int[] _weights;
    private readonly long _divisor;
    private readonly int _percent;

    /// <param name="members">Every endpoint, available or not: their indices are those of <see cref="Of"/>.</param>
    /// <param name="available">The endpoints that may be picked, at least one. Slow start is ignored, as for all hashing.</param>
    /// <param name="percent"><see cref="MinPercent"/> to <see cref="MaxPercent"/>.</param>
    public LoadBound(IReadOnlyList<Candidate> members, IReadOnlyList<Candidate> available, int percent)
    {
        _cells = [.. available.Select(member => member.Cell)];
        _weights = [.. members.Select(member => member.Weight)];
        _divisor = 100L * available.Sum(member => member.Weight);
        _percent = percent;
    }

    /// <summary>Returns the attempts in flight at all available endpoints, plus one.</summary>
    public long Load()
    {
        var load = 1L;
        foreach (var cell in _cells)
        {
            load += cell.InFlight;
        }

        return load;
    }

    /// <summary>Returns a member's bound for a given load.</summary>
    public int Of(int member, long load) => (int)Math.Min(int.MaxValue, ((_percent * load * _weights[member]) + _divisor - 1) / _divisor);
}
