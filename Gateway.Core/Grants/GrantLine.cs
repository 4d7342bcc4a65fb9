using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>
/// The trials of one endpoint at its granter: the holder of the single grant, and the queue.
/// <code>
///          ask                          next                  used
/// (nobody) ---> waiting, in turn -----------------> given ---------> in use
///                  |  withdrawn                       |  returned, failed, succeeded, expired, holder gone
///                  '---> (nobody)   next &lt;------------'------ the same
/// </code>
/// Next is the longest waiting replica among those whose last turn is longest ago: one that has just failed comes after all others, and none
/// starves. An unused grant expires after <see cref="UnusedLimit"/>, one in use when its trial's time is over, so each ends even if
/// messages are lost.
/// </summary>
public sealed record GrantLine
{
    /// <summary>A holder returns a grant unused for a second; the rest allows for the messages both ways.</summary>
    public static readonly TimeSpan UnusedLimit = TimeSpan.FromSeconds(1.5);

    /// <summary>Added to the trial's own timeout for the messages both ways.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);

    public static GrantLine Empty { get; } = new();

    public GrantHolder? Holder { get; private init; }

    /// <summary>The queue, in order of arrival.</summary>
    public ImmutableArray<GrantAsk> Waiting { get; private init; } = [];

    /// <summary>No grant is given before: a holder under the previous granter may still have to announce itself.</summary>
    public TimeSpan NotBefore { get; init; }

    public bool IsIdle => Holder is null && Waiting.IsEmpty;

    /// <summary>The time to call <see cref="OnTime"/>; null if nothing is due by time.</summary>
    public TimeSpan? DueAt => Holder?.EndsAt ?? (Waiting.IsEmpty ? null : NotBefore);

    /// <summary>The number of each replica's last turn.</summary>
    private ImmutableDictionary<ReplicaId, long> Turns { get; init; } = ImmutableDictionary<ReplicaId, long>.Empty;

    private long LastTurn { get; init; }

    /// <summary>Handles a request for the grant. A repeated request changes nothing and is answered again.</summary>
    public (GrantLine Next, ImmutableArray<GrantEffect> Effects) OnAsk(GrantAsk ask, TimeSpan now)
    {
        if (Holder is { } holder && holder.Replica == ask.Replica)
        {
            return holder.Ticket == ask.Ticket
                ? (this, ask.Holding ? [] : [new GrantEffect.Give(ask.Replica, ask.Ticket)])
                : (this with { Holder = null }).OnAsk(ask, now);
        }

        var others = Waiting.RemoveAll(waiting => waiting.Replica == ask.Replica);
        if (ask.Holding && Holder is null)
        {
            return ((this with { Waiting = others }).Hold(ask, now + ask.Timeout + Slack), []);
        }

        var known = Waiting.Length > others.Length
            ? Waiting.Replace(Waiting.Single(waiting => waiting.Replica == ask.Replica), ask)
            : Waiting.Add(ask);
        var (next, effects) = (this with { Waiting = known }).GiveNext(now);
        return next.Holder?.Replica == ask.Replica ? (next, effects) : (next, effects.Add(new GrantEffect.Queue(ask.Replica, ask.Ticket)));
    }

    /// <summary>Handles the holder sending a trial.</summary>
    public GrantLine OnUsed(ReplicaId replica, long ticket, TimeSpan now) =>
        Holder is { } holder && holder.Is(replica, ticket)
            ? this with { Holder = holder with { EndsAt = now + holder.Timeout + Slack } }
            : this;

    /// <summary>Handles the end of a grant, or of a request still waiting.</summary>
    public (GrantLine Next, ImmutableArray<GrantEffect> Effects) OnEnd(ReplicaId replica, long ticket, GrantEnd end, TimeSpan now)
    {
        if (Holder?.Is(replica, ticket) != true)
        {
            return (this with { Waiting = Waiting.RemoveAll(ask => ask.Replica == replica && ask.Ticket == ticket) }, []);
        }

        // A success clears the queue: the holder informs those replicas.
        return (this with { Holder = null, Waiting = end == GrantEnd.Succeeded ? [] : Waiting }).GiveNext(now);
    }

    /// <summary>Ends an expired grant.</summary>
    public (GrantLine Next, ImmutableArray<GrantEffect> Effects) OnTime(TimeSpan now) =>
        Holder is { } holder && holder.EndsAt <= now ? Expire(holder, now) : GiveNext(now);

    /// <summary>Drops replicas that are not in the reachable set.</summary>
    public (GrantLine Next, ImmutableArray<GrantEffect> Effects) OnReachable(IReadOnlySet<ReplicaId> replicas, TimeSpan now)
    {
        var line = this with
        {
            Waiting = Waiting.RemoveAll(ask => !replicas.Contains(ask.Replica)),
            Turns = Turns.RemoveRange(Turns.Keys.Where(replica => !replicas.Contains(replica))),
        };
        return Holder is { } holder && !replicas.Contains(holder.Replica) ? line.Expire(holder, now) : line.GiveNext(now);
    }

    private (GrantLine Next, ImmutableArray<GrantEffect> Effects) Expire(GrantHolder holder, TimeSpan now)
    {
        var (next, effects) = (this with { Holder = null }).GiveNext(now);
        return (next, effects.Insert(0, new GrantEffect.Expired(holder.Replica)));
    }

    private (GrantLine Next, ImmutableArray<GrantEffect> Effects) GiveNext(TimeSpan now)
    {
        if (Holder is not null || Waiting.IsEmpty || now < NotBefore)
        {
            return (this, []);
        }

        // The first on a tie, in order of arrival.
        var ask = Waiting.MinBy(waiting => Turns.GetValueOrDefault(waiting.Replica))!;
        var next = (this with { Waiting = Waiting.Remove(ask) }).Hold(ask, now + UnusedLimit);
        return (next, [new GrantEffect.Give(ask.Replica, ask.Ticket)]);
    }

    private GrantLine Hold(GrantAsk ask, TimeSpan endsAt) => this with
    {
        Holder = new(ask.Replica, ask.Ticket, ask.Timeout, endsAt),
        Turns = Turns.SetItem(ask.Replica, LastTurn + 1),
        LastTurn = LastTurn + 1,
    };
}
