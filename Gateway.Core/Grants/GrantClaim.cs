using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>The progress of a replica's request for a trial.</summary>
public enum ClaimPhase
{
    /// <summary>The granter has not answered yet.</summary>
    Asked,

    /// <summary>The granter has put the request in its queue.</summary>
    Waiting,

    /// <summary>The trial may be sent.</summary>
    Held,
}

/// <summary>
/// A replica's request to the granter of one endpoint.
/// <code>
///      ask          queued             given
/// () -----> Asked ---------> Waiting --------> Held --returned, failed, succeeded--> ()
///            |  ^--every 2 s---'  |
///            '--no answer in 500 ms--> () with permits of its own
/// </code>
/// A waiting claim is repeated from time to time, to notice a granter that lost its state or is gone. A late grant for a claim that
/// no longer exists is returned, so that it does not have to expire.
/// </summary>
/// <param name="Since">When it entered this phase.</param>
public sealed record GrantClaim(ClaimPhase Phase, ReplicaId Granter, long Ticket, TimeSpan Timeout, TimeSpan Since)
{
    /// <summary>The time a granter has to answer.</summary>
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>The interval at which a waiting claim is repeated.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromSeconds(2);

    /// <summary>The time to call <see cref="OnTime"/>; null if never.</summary>
    public TimeSpan? DueAt => Phase switch
    {
        ClaimPhase.Asked => Since + ReplyTimeout,
        ClaimPhase.Waiting => Since + Reminder,
        _ => null,
    };

    /// <summary>Starts a claim.</summary>
    public static ClaimStep Ask(ReplicaId granter, long ticket, TimeSpan timeout, TimeSpan now) =>
        new GrantClaim(ClaimPhase.Asked, granter, ticket, timeout, now).Asking(now);

    /// <summary>Handles the granter's message that the claim is queued.</summary>
    public ClaimStep OnQueued(ReplicaId from, long ticket, TimeSpan now) =>
        Concerns(from, ticket) && Phase == ClaimPhase.Asked ? new(In(ClaimPhase.Waiting, now), []) : new(this, []);

    /// <summary>Handles the grant.</summary>
    public ClaimStep OnGiven(ReplicaId from, long ticket, TimeSpan now) => (Concerns(from, ticket), Phase) switch
    {
        (true, not ClaimPhase.Held) => new(In(ClaimPhase.Held, now), [new ClaimEffect.Permit()]),
        (true, _) => new(this, []),
        _ => new(this, [new ClaimEffect.End(from, ticket, GrantEnd.Returned)]),
    };

    /// <summary>Handles a trial being sent.</summary>
    public ClaimStep OnTrial() => new(this, Phase == ClaimPhase.Held ? [new ClaimEffect.Used(Granter, Ticket)] : []);

    /// <summary>Ends the claim.</summary>
    public ClaimStep OnEnd(GrantEnd end) => new(null, [new ClaimEffect.End(Granter, Ticket, end)]);

    /// <summary>Repeats the request, or gives up.</summary>
    public ClaimStep OnTime(TimeSpan now) => Phase switch
    {
        _ when DueAt is not { } due || now < due => new(this, []),
        ClaimPhase.Waiting => Asking(now),
        _ => new(null, [new ClaimEffect.PermitOwn(Granter), new ClaimEffect.End(Granter, Ticket, GrantEnd.Returned)]),
    };

    /// <summary>Handles a new granter: sends it the request, or announces the grant held.</summary>
    public ClaimStep OnGranter(ReplicaId granter, TimeSpan now) => granter == Granter ? new(this, []) : (this with { Granter = granter }).Asking(now);

    /// <summary>Handles the loss of all other gateways. A grant already held is used.</summary>
    public ClaimStep OnAlone() => Phase == ClaimPhase.Held ? new(this, []) : new(null, [new ClaimEffect.PermitOwn(Unanswered: null)]);

    private bool Concerns(ReplicaId from, long ticket) => from == Granter && ticket == Ticket;

    private ClaimStep Asking(TimeSpan now) => new(
        Phase == ClaimPhase.Held ? this : In(ClaimPhase.Asked, now),
        [new ClaimEffect.Ask(Granter, Ticket, Timeout, Holding: Phase == ClaimPhase.Held)]);

    private GrantClaim In(ClaimPhase phase, TimeSpan now) => this with { Phase = phase, Since = now };
}

/// <summary>The result of an event on a claim.</summary>
/// <param name="Next">The claim; null if it is over.</param>
public readonly record struct ClaimStep(GrantClaim? Next, ImmutableArray<ClaimEffect> Effects);
