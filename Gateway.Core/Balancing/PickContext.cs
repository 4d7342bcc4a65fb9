using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>The inputs of one pick. A picker has no clock and no random source of its own.</summary>
/// <param name="Key">The request's hash key (such as the client's address), for hashing strategies.</param>
/// <param name="Random">Sixty-four random bits.</param>
/// <param name="Now">A monotonic reading.</param>
/// <param name="Tried">The endpoints this request has tried already; null for the first attempt.</param>
/// <param name="Options">The conditions that the endpoint need not meet.</param>
public readonly record struct PickContext(
    ulong Key, ulong Random, TimeSpan Now, TriedEndpoints? Tried = null, LeaseOptions Options = LeaseOptions.None);

/// <summary>The endpoints that a request has tried. Allocated at the first retry, so a request that succeeds pays nothing.</summary>
public sealed class TriedEndpoints
{
    private readonly List<EndpointCell> _cells = new(4);

    public void Add(EndpointCell cell) => _cells.Add(cell);

    public bool Contains(EndpointCell cell) => _cells.Contains(cell);
}
