using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;

namespace Gateway.Benchmarks;

/// <summary>Endpoints like those of a pool that has been running for a while.</summary>
internal static class Endpoints
{
    /// <summary>A monotonic time well after <see cref="Started"/>, so that latencies have an age for their decay.</summary>
    public static readonly TimeSpan Now = TimeSpan.FromSeconds(101);

    private static readonly TimeSpan Started = TimeSpan.FromSeconds(100);

    /// <summary>Closed breakers, limits out of reach, and latencies between 1 and 8 ms.</summary>
    /// <param name="weights">Assigned in turn.</param>
    public static Candidate[] Create(int count, params int[] weights) =>
        [.. Enumerable.Range(0, count).Select(index => new Candidate(Cell(index), weights[index % weights.Length]))];

    public static EndpointCell Cell(int index)
    {
        var text = $"http://10.0.{index / 250}.{1 + (index % 250)}:8001";
        var cell = EndpointAddress.TryParse(text, out var address, out var fault)
            ? new EndpointCell(new EndpointId("default", address), BreakerPolicy.Default, maxInFlight: int.MaxValue)
            : throw new ArgumentException($"{text} {fault}", nameof(index));
        cell.Observe(TimeSpan.FromMilliseconds(1 + (index % 8)), Started);
        cell.TryLease(out _); // One in flight and kept: at idle, least-connections would stop at the first it looks at.
        return cell;
    }
}
