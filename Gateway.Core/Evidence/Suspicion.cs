using System.Collections.Immutable;
using Gateway.Core.Breaking;

namespace Gateway.Core.Evidence;

/// <summary>
/// The state of other replicas' reports on one endpoint:
/// <code>
/// a new report --> held (picked only if nothing else is) --the zone's first result of a verifying probe, or none in time--> picked again
///       '--> a verifying probe is due                                                                      |
/// three own successes in a row --> that report is dismissed  &lt;-----------------------------------------------'
/// </code>
/// A report stays the same until its observer has new bad news, so repeating a dismissed report does not revive it. Confirming other
/// replicas' reports is not a report: otherwise each trip on a single failure would make all the others doubt the endpoint again.
/// </summary>
public sealed record Suspicion
{
    public static Suspicion None { get; } = new();

    public ImmutableArray<Report> Reports { get; private init; } = [];

    /// <summary>The end of the hold; null if it is not held.</summary>
    public TimeSpan? HeldUntil { get; private init; }

    /// <summary>Whether all of this replica's attempts are left waiting; this needs no report.</summary>
    public bool Stalled { get; private init; }

    /// <summary>Whether no probe of this replica has begun since the last report.</summary>
    public bool VerificationDue { get; private init; }

    /// <summary>Whether the probe in flight is a verifying one.</summary>
    public bool Verifying { get; private init; }

    /// <summary>The start of the last verifying probe; null if none.</summary>
    public TimeSpan? VerifiedAt { get; private init; }

    public bool Reported => Reports.Any(report => !report.Dismissed);

    /// <summary>Whether to probe at the fast interval: a further probe can still help to dismiss a report.</summary>
    public bool NeedsProbes => Reports.Any(report => !report.Dismissed && report.Probes < Report.Enough);

    /// <summary>Whether an observation is a report that is not dismissed.</summary>
    public bool IsOpen(PeerObservation peer) => peer.Opinion == Opinion.Bad && Reports.Any(report =>
        !report.Dismissed && report.Observer == peer.Observer && report.Number == peer.Report);

    /// <summary>Handles changed evidence.</summary>
    /// <param name="longestHold">The longest hold, if no replica's probe completes.</param>
    public Suspicion OnEvidence(EndpointEvidence before, EndpointEvidence now, TimeSpan at, TimeSpan longestHold)
    {
        var reports = now.PeerObservations
            .Where(peer => peer is { Opinion: Opinion.Bad, Report: > 0 })
            .Select(Take)
            .ToImmutableArray();
        var news = reports.Any(report => !Reports.Any(report.IsSameAs));
        var held = IsVerified(before, now) ? null : HeldUntil;
        return this with
        {
            Reports = reports,
            HeldUntil = news ? at + longestHold : reports.IsEmpty && !Stalled ? null : held,
            VerificationDue = news || (VerificationDue && (Stalled || !reports.IsEmpty)),
        };
    }

    /// <summary>Handles the start of a stall, which holds and verifies the endpoint like a report, or its end.</summary>
    public Suspicion OnStalled(bool stalled, TimeSpan at, TimeSpan longestHold) => (stalled, Stalled) switch
    {
        (true, false) => this with { Stalled = true, HeldUntil = at + longestHold, VerificationDue = true },
        (false, true) => this with { Stalled = false, HeldUntil = null, VerificationDue = VerificationDue && Reported },
        _ => this,
    };

    /// <summary>Handles the start of a verifying probe.</summary>
    public Suspicion OnVerifying(TimeSpan now) => this with { VerificationDue = false, Verifying = true, VerifiedAt = now };

    /// <summary>Handles the result of a probe of this replica.</summary>
    public Suspicion OnProbe(bool passed) => this with
    {
        Reports = [.. Reports.Select(report => passed ? report.Pass() : report.Restart())],
        HeldUntil = Verifying ? null : HeldUntil,
        Verifying = false,
    };

    /// <summary>Handles proof by own traffic: dismisses every report so far.</summary>
    public Suspicion OnProven() => this with { Reports = [.. Reports.Select(report => report with { Dismissed = true })] };

    /// <summary>Handles a failure of own traffic.</summary>
    public Suspicion OnFailed() => this with { Reports = [.. Reports.Select(report => report.Restart())] };

    /// <summary>Handles the end of the longest hold.</summary>
    public Suspicion OnHoldElapsed(TimeSpan now) => HeldUntil <= now ? this with { HeldUntil = null } : this;

    private Report Take(PeerObservation peer)
    {
        var byBreaker = peer.Observation.Breaker != BreakerPhase.Closed;
        var report = new Report(peer.Observer, peer.Report, byBreaker, 0, Dismissed: false);
        var same = Reports.Where(report.IsSameAs).ToList();
        return same.Count > 0 ? same[0] with { ByBreaker = byBreaker } : report;
    }

    /// <summary>Whether another replica in the zone has completed a verifying probe meanwhile.</summary>
    private static bool IsVerified(EndpointEvidence before, EndpointEvidence now) => now.PeerObservations.Any(peer =>
        peer.InMyZone && before.PeerObservations.Any(earlier => earlier.Observer == peer.Observer && earlier.Verified < peer.Verified));
}
