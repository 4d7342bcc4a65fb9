using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;

namespace Gateway.Core.Pools;

/// <summary>
/// The detection of a pool's stalled endpoints, one look after another: from the counts that requests leave in the endpoints' cells. Pure; the router notifies the
/// endpoints' actors.
/// </summary>
/// <param name="Watches">Of the endpoints with waiting attempts at the last look, and of those that are stalled.</param>
/// <param name="LookedAt">When the last look was, by the time that this process has run.</param>
public sealed record StallRound(ImmutableDictionary<Endpoint, StallRound.Watched> Watches, TimeSpan LookedAt)
{
    /// <summary>Begins without any watch.</summary>
    /// <param name="ran">The time that this process has run.</param>
    public static StallRound Begin(TimeSpan ran) => new(ImmutableDictionary<Endpoint, Watched>.Empty, ran);

    /// <summary>Looks at the endpoints' cells.</summary>
    /// <param name="tail">Returns the 99th percentile of an endpoint's recent latencies to the head; null without recent answers: then its last known value applies.</param>
    /// <param name="ran">The time that this process has run.</param>
    /// <returns>The endpoints whose stall has begun or ended since the last look.</returns>
    public (StallRound Next, ImmutableArray<StallChange> Changes) Look(ImmutableArray<PoolMember> members, Func<EndpointId, TimeSpan?> tail, TimeSpan ran)
    {
        var watches = ImmutableDictionary.CreateBuilder<Endpoint, Watched>();
        var changes = ImmutableArray.CreateBuilder<StallChange>();
        foreach (var member in members)
        {
            var (waiting, answers) = (member.Cell.Waiting, member.Cell.Answers);
            if (!Watches.TryGetValue(member.Endpoint, out var before) && waiting == 0)
            {
                continue;
            }

            // One without a watch begins as if nothing had waited at the last look, so that its answers until now make no difference.
            var now = before.Look(answers, waiting, ran - LookedAt, tail(member.Id));
            if (now.Watch.Stalled != before.Watch.Stalled)
            {
                changes.Add(new(member.Id, now.Watch.Stalled));
            }

            if (now.Watch.Waits || now.Watch.Stalled)
            {
                watches.Add(member.Endpoint, now);
            }
        }

        return (new(watches.ToImmutable(), ran), changes.ToImmutable());
    }

    /// <param name="Tail">The last known 99th percentile of its latencies to the head; null: none is known.</param>
    public readonly record struct Watched(StallWatch Watch, TimeSpan? Tail)
    {
        internal Watched Look(long answers, int waiting, TimeSpan since, TimeSpan? tail) =>
            new(Watch.Add(answers, waiting, since, StallWatch.TimeoutFor(tail ?? Tail)), tail ?? Tail);
    }
}

/// <summary>An endpoint's stall has begun or ended.</summary>
public readonly record struct StallChange(EndpointId Endpoint, bool IsStalled);
