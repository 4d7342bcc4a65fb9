using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>
/// The trials of one endpoint, at its granter: who has the one grant, and who waits for it.
/// <code>
///          ask                          next                  used
/// (nobody) ---> waiting, in turn -----------------> given ---------> in use
///                  |  withdrawn                       |  returned, failed, succeeded, expired, holder gone
///                  '---> (nobody)   next &lt;------------'------ the same
/// </code>
/// Next is who has waited longest among those whose last turn is longest ago: who has just failed comes after all others, and nobody
/// starves. A grant that nobody uses expires after <see cref="UnusedLimit"/>, one in use when its trial's time is over, so each ends
/// whatever messages are lost.
/// </summary>
public sealed record GrantLine
{
    /// <summary>A holder returns what it has not used for a second; the rest is for the way there and back.</summary>
    public static readonly TimeSpan UnusedLimit = TimeSpan.FromSeconds(1.5);

    /// <summary>Beyond the trial's own timeout, for the way there and back.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(0.5);

    public static GrantLine Empty { get; } = new();

    public GrantHolder? Holder { get; private init; }

    /// <summary>In the order in which they came.</summary>
    public ImmutableArray<GrantAsk> Waiting { get; private init; } = [];

    /// <summary>Nothing is given before: a holder from before a change of granter may have to say so yet.</summary>
    public TimeSpan NotBefore { get; init; }

    public bool IsIdle => Holder is null && Waiting.IsEmpty;

    /// <summary>When <see cref="OnTime"/> has something to do; null: not by time alone.</summary>
    public TimeSpan? DueAt => Holder?.EndsAt ?? (Waiting.IsEmpty ? null : NotBefore);

    /// <summary>The number of the last turn of each replica that had one.</summary>
    private ImmutableDictionary<ReplicaId, long> Turns { get; init; } = ImmutableDictionary<ReplicaId, long>.Empty;

    private long LastTurn { get; init; }

    /// <summary>Somebody wants the grant, or asks whether it is still in line. Asking again changes nothing and is answered again.</summary>
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
            return ((this with { Waiting = others }).Hold(ask, used: true, now + ask.Timeout + Slack), []);
        }

        var known = Waiting.Length > others.Length
            ? Waiting.Replace(Waiting.Single(waiting => waiting.Replica == ask.Replica), ask)
            : Waiting.Add(ask);
        var (next, effects) = (this with { Waiting = known }).GiveNext(now);
        return next.Holder?.Replica == ask.Replica ? (next, effects) : (next, effects.Add(new GrantEffect.Queue(ask.Replica, ask.Ticket)));
    }

    /// <summary>The holder has sent its trial, or a further one.</summary>
    public GrantLine OnUsed(ReplicaId replica, long ticket, TimeSpan now) =>
        Holder is { } holder && holder.Is(replica, ticket)
            ? this with { Holder = holder with { Used = true, EndsAt = now + holder.Timeout + Slack } }
            : this;

    /// <summary>The holder has done with it, or one that waits wants it no more.</summary>
    public (GrantLine Next, ImmutableArray<GrantEffect> Effects) OnEnd(ReplicaId replica, long ticket, GrantEnd end, TimeSpan now)
    {
        if (Holder?.Is(replica, ticket) != true)
        {
            return (this with { Waiting = Waiting.RemoveAll(ask => ask.Replica == replica && ask.Ticket == ticket) }, []);
        }

        // A success lets in all who wait: they hear of it from its holder.
        return (this with { Holder = null, Waiting = end == GrantEnd.Succeeded ? [] : Waiting }).GiveNext(now);
    }

    /// <summary>Ends what has had its time.</summary>
    public (GrantLine Next, ImmutableArray<GrantEffect> Effects) OnTime(TimeSpan now) =>
        Holder is { } holder && holder.EndsAt <= now ? Expire(holder, now) : GiveNext(now);

    /// <summary>Only these can be reached from now on.</summary>
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

        // The first of equals: they stand in the order in which they came.
        var ask = Waiting.MinBy(waiting => Turns.GetValueOrDefault(waiting.Replica))!;
        var next = (this with { Waiting = Waiting.Remove(ask) }).Hold(ask, used: false, now + UnusedLimit);
        return (next, [new GrantEffect.Give(ask.Replica, ask.Ticket)]);
    }

    private GrantLine Hold(GrantAsk ask, bool used, TimeSpan endsAt) => this with
    {
        Holder = new(ask.Replica, ask.Ticket, ask.Timeout, used, endsAt),
        Turns = Turns.SetItem(ask.Replica, LastTurn + 1),
        LastTurn = LastTurn + 1,
    };
}
