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

    /// <summary>Whether it takes requests of clients with affinity to it, also while draining.</summary>
    public bool TakesAffinity => Endpoint.Status.Decision.Kind != DecisionKind.Ejected || CanBePicked;

    /// <summary>Whether it can be picked: by the newest decision, or because the pool's cap keeps it in rotation.</summary>
    public bool CanBePicked =>
        !Draining && Endpoint.Status is var status && (status.CanBePicked || (status.Decision.YieldsToCap && Standing != Standing.Out));
}
