using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>All grants of one granter: a <see cref="GrantLine"/> for each endpoint while a replica wants to try it.</summary>
public sealed record GrantBook
{
    /// <summary>
    /// How long a new granter of an endpoint waits before it grants: a holder from before sees the change too, and announces
    /// itself.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    public static GrantBook Empty { get; } = new();

    public ImmutableDictionary<EndpointId, GrantLine> Lines { get; private init; } = ImmutableDictionary<EndpointId, GrantLine>.Empty;

    private ImmutableHashSet<ReplicaId> Gateways { get; init; } = [];

    private TimeSpan SettledAt { get; init; }

    /// <inheritdoc cref="GrantLine.OnAsk"/>
    public GrantStep OnAsk(EndpointId endpoint, GrantAsk ask, TimeSpan now) => Step(endpoint, line => line.OnAsk(ask, now));

    /// <inheritdoc cref="GrantLine.OnUsed"/>
    public GrantBook OnUsed(EndpointId endpoint, ReplicaId replica, long ticket, TimeSpan now) =>
        Step(endpoint, line => (line.OnUsed(replica, ticket, now), [])).Next;

    /// <inheritdoc cref="GrantLine.OnEnd"/>
    public GrantStep OnEnd(EndpointId endpoint, ReplicaId replica, long ticket, GrantEnd end, TimeSpan now) =>
        Step(endpoint, line => line.OnEnd(replica, ticket, end, now));

    /// <summary>Ends expired grants.</summary>
    public GrantStep OnTime(TimeSpan now) =>
        Each(Lines.Where(line => line.Value.DueAt <= now).Select(line => line.Key), line => line.OnTime(now));

    /// <summary>Handles a new view of the cluster: drops endpoints with another granter, and unreachable holders and waiters.</summary>
    public GrantStep OnView(ClusterView view, TimeSpan now)
    {
        var gateways = view.ReachableGateways.Select(gateway => gateway.Id).ToImmutableHashSet();
        var reachable = view.Replicas.Where(replica => replica.Reachable || replica.Id == view.Self.Id).Select(replica => replica.Id).ToHashSet();
        var kept = this with
        {
            Gateways = gateways,
            SettledAt = gateways.SetEquals(Gateways) ? SettledAt : now + Settling,
            Lines = Lines.RemoveRange(Lines.Keys.Where(endpoint => Granter.Of(endpoint, view) != view.Self.Id)),
        };
        return kept.Each(kept.Lines.Keys, line => line.OnReachable(reachable, now));
    }

    private GrantStep Each(
        IEnumerable<EndpointId> endpoints, Func<GrantLine, (GrantLine, ImmutableArray<GrantEffect>)> transition)
    {
        var (book, effects) = (this, ImmutableArray.CreateBuilder<EndpointGrantEffect>());
        foreach (var endpoint in endpoints)
        {
            (book, var more) = book.Step(endpoint, transition);
            effects.AddRange(more);
        }

        return new(book, effects.DrainToImmutable());
    }

    private GrantStep Step(EndpointId endpoint, Func<GrantLine, (GrantLine, ImmutableArray<GrantEffect>)> transition)
    {
        var before = Lines.GetValueOrDefault(endpoint) ?? GrantLine.Empty with { NotBefore = SettledAt };
        var (line, effects) = transition(before);
        var lines = line.IsIdle ? Lines.Remove(endpoint) : Lines.SetItem(endpoint, line);
        return new(this with { Lines = lines }, [.. effects.Select(effect => new EndpointGrantEffect(endpoint, effect))]);
    }
}

/// <summary>The result of an event at a granter.</summary>
public readonly record struct GrantStep(GrantBook Next, ImmutableArray<EndpointGrantEffect> Effects);

/// <summary>A replica's request for a grant.</summary>
/// <param name="Replica">The requester.</param>
/// <param name="Ticket">
/// The requester's number for this request; messages with another number belong to an earlier one.
/// </param>
/// <param name="Timeout">The longest duration of its trial: its pool's request timeout.</param>
/// <param name="Holding">Whether it already holds a grant from a previous granter.</param>
public sealed record GrantAsk(ReplicaId Replica, long Ticket, TimeSpan Timeout, bool Holding = false);

/// <summary>The holder of an endpoint's single grant.</summary>
/// <param name="Timeout">The longest duration of its trial.</param>
/// <param name="EndsAt">When the grant expires without a message of its holder: soon while it has sent no trial.</param>
public sealed record GrantHolder(ReplicaId Replica, long Ticket, TimeSpan Timeout, TimeSpan EndsAt)
{
    public bool Is(ReplicaId replica, long ticket) => Replica == replica && Ticket == ticket;
}
