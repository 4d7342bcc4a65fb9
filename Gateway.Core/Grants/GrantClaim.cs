using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>How far a replica's own wish for a trial has come.</summary>
public enum ClaimPhase
{
    /// <summary>The granter has not answered yet.</summary>
    Asked,

    /// <summary>The granter has said that others come first.</summary>
    Waiting,

    /// <summary>The trial may be sent.</summary>
    Held,
}

/// <summary>
/// What a replica wants of the granter of one endpoint.
/// <code>
///      ask          queued             given
/// () -----> Asked ---------> Waiting --------> Held --returned, failed, succeeded--> ()
///            |  ^--every 2 s---'  |
///            '--no answer in 500 ms--> () with permits of its own
/// </code>
/// One that waits asks again now and then, so a granter that has lost its memory, or is lost, is noticed. A late answer to a claim that
/// is no more is returned, so that the grant does not have to expire.
/// </summary>
/// <param name="Since">When it came into this phase.</param>
public sealed record GrantClaim(ClaimPhase Phase, ReplicaId Granter, long Ticket, TimeSpan Timeout, TimeSpan Since)
{
    /// <summary>How long a granter may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How often one that waits asks whether it is still in line.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromSeconds(2);

    /// <summary>When <see cref="OnTime"/> has something to do; null: never.</summary>
    public TimeSpan? DueAt => Phase switch
    {
        ClaimPhase.Asked => Since + Patience,
        ClaimPhase.Waiting => Since + Reminder,
        _ => null,
    };

    /// <summary>A new wish.</summary>
    public static ClaimStep Ask(ReplicaId granter, long ticket, TimeSpan timeout, TimeSpan now) =>
        new GrantClaim(ClaimPhase.Asked, granter, ticket, timeout, now).Asking(now);

    /// <summary>The granter has put it in line.</summary>
    public ClaimStep OnQueued(ReplicaId from, long ticket, TimeSpan now) =>
        Concerns(from, ticket) && Phase == ClaimPhase.Asked ? new(In(ClaimPhase.Waiting, now), []) : new(this, []);

    /// <summary>The granter has given it the grant.</summary>
    public ClaimStep OnGiven(ReplicaId from, long ticket, TimeSpan now) => (Concerns(from, ticket), Phase) switch
    {
        (true, not ClaimPhase.Held) => new(In(ClaimPhase.Held, now), [new ClaimEffect.Permit()]),
        (true, _) => new(this, []),
        _ => new(this, [new ClaimEffect.End(from, ticket, GrantEnd.Returned)]),
    };

    /// <summary>A trial was sent.</summary>
    public ClaimStep OnTrial() => new(this, Phase == ClaimPhase.Held ? [new ClaimEffect.Used(Granter, Ticket)] : []);

    /// <summary>The replica has done with it.</summary>
    public ClaimStep OnEnd(GrantEnd end) => new(null, [new ClaimEffect.End(Granter, Ticket, end)]);

    /// <summary>Asks again, or gives up asking.</summary>
    public ClaimStep OnTime(TimeSpan now) => Phase switch
    {
        _ when DueAt is not { } due || now < due => new(this, []),
        ClaimPhase.Waiting => Asking(now),
        _ => new(null, [new ClaimEffect.PermitOwn(Granter), new ClaimEffect.End(Granter, Ticket, GrantEnd.Returned)]),
    };

    /// <summary>Another replica grants from now on: the wish goes there, and a grant that is held is made known there.</summary>
    public ClaimStep OnGranter(ReplicaId granter, TimeSpan now) => granter == Granter ? new(this, []) : (this with { Granter = granter }).Asking(now);

    /// <summary>No other gateway can be reached any more. A grant that is held is used as it is.</summary>
    public ClaimStep OnAlone() => Phase == ClaimPhase.Held ? new(this, []) : new(null, [new ClaimEffect.PermitOwn(Unanswered: null)]);

    private bool Concerns(ReplicaId from, long ticket) => from == Granter && ticket == Ticket;

    private ClaimStep Asking(TimeSpan now) => new(
        Phase == ClaimPhase.Held ? this : In(ClaimPhase.Asked, now),
        [new ClaimEffect.Ask(Granter, Ticket, Timeout, Holding: Phase == ClaimPhase.Held)]);

    private GrantClaim In(ClaimPhase phase, TimeSpan now) => this with { Phase = phase, Since = now };
}

/// <summary>What a claim comes to.</summary>
/// <param name="Next">Null: it is over.</param>
public readonly record struct ClaimStep(GrantClaim? Next, ImmutableArray<ClaimEffect> Effects);
