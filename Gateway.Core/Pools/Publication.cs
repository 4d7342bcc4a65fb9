using System.Collections.Immutable;
using Gateway.Core.Evidence;

namespace Gateway.Core.Pools;

/// <summary>The result of building a snapshot, for the router's log and timers.</summary>
/// <param name="Claims">The claim of each member, in their order; the snapshot has the standings they got.</param>
/// <param name="Available">The number of members that the picker may pick.</param>
/// <param name="IsInSlowStart">Whether weights still rise, so that another snapshot is due soon.</param>
public sealed record Publication(PoolSnapshot Snapshot, ImmutableArray<Claim> Claims, int Available, bool IsInSlowStart);
