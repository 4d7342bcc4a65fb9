using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>The endpoints that a request has tried. Allocated at the first retry, so a request that succeeds pays nothing.</summary>
public sealed class TriedEndpoints
{
    private readonly List<EndpointCell> _cells = new(4);

    public void Add(EndpointCell cell) => _cells.Add(cell);

    public bool Contains(EndpointCell cell) => _cells.Contains(cell);
}
