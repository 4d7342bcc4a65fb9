using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;

namespace Gateway.Core.Pools;

/// <summary>
/// An endpoint in one snapshot of its pool. The endpoint is the same object in all of them, with its counts and its newest status; settings and standing are
/// those of the snapshot.
/// </summary>
/// <param name="Standing">Its standing in the snapshot's picker, after the pool's cap.</param>
public sealed record PoolMember(Endpoint Endpoint, EndpointSettings Settings, Standing Standing = Standing.In)
{
    public EndpointId Id => Endpoint.Id;

    public EndpointCell Cell => Endpoint.Cell;

    /// <summary>Whether it gets no new attempts; those in flight finish.</summary>
    public bool Draining => Settings.Draining;

    /// <summary>Whether it can be picked, by its newest status.</summary>
    public bool CanBePicked => MayBePicked(Endpoint.Status);

    /// <summary>Whether it takes requests of clients with affinity to it, also while draining.</summary>
    public bool TakesAffinity => !IsOut(Endpoint.Status);

    /// <summary>
    /// The one rule whether an endpoint may be picked: it does not drain, and is neither ejected nor out by the pool's cap. The picker is built by it, and all that
    /// counts or shows endpoints asks it. Whether it has room and what its breaker admits is decided by its cell at each attempt.
    /// </summary>
    /// <param name="status">The endpoint's status, read once by the caller.</param>
    public bool MayBePicked(EndpointStatus status) => !Draining && !IsOut(status);

    /// <summary>Returns the claim that a status makes on the pool.</summary>
    public Claim ClaimOf(EndpointStatus status) => status switch
    {
        _ when Draining => new(Standing.Out, IsHearsay: false, Standing),
        { IsEjected: true } => new(Standing.Out, status.Decision.IsOnHearsay, Standing, IsOutlier: status.Decision.IsByComparison),
        { IsHeld: true } => new(Standing.Held, IsHearsay: true, Standing),
        _ => new(Standing.In, IsHearsay: false, Standing, Restricted: status.Decision.Kind == DecisionKind.TrialsOnly),
    };

    /// <summary>Whether it is ejected, and the pool's cap does not keep it in rotation.</summary>
    private bool IsOut(EndpointStatus status) => status.IsEjected && !(status.Decision.YieldsToCap && Standing != Standing.Out);
}
