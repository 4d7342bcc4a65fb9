using System.Collections.Immutable;
using Gateway.Core.Breaking;

namespace Gateway.Core.Evidence;

/// <summary>
/// What the reports of others on one endpoint have come to here:
/// <code>
/// a new report --> held (picked only if nothing else is) --the zone's first result of a verifying probe, or none in time--> picked again
///       '--> a verifying probe is due                                                                      |
/// three own successes in a row --> that report is dismissed  &lt;-----------------------------------------------'
/// </code>
/// A report stays the same for as long as its observer has no other bad news, so a dismissed one does not come back by being repeated. Who only confirms
/// what others had reported makes no report of it: else each trip by one failure would make all the others doubt the endpoint anew.
/// </summary>
public sealed record Suspicion
{
    public static Suspicion None { get; } = new();

    public ImmutableArray<Report> Reports { get; private init; } = [];

    /// <summary>Until when it is held; null: it is not.</summary>
    public TimeSpan? HeldUntil { get; private init; }

    /// <summary>Whether it leaves everything that this replica sends waiting: what others need not have reported.</summary>
    public bool Stalled { get; private init; }

    /// <summary>Whether a report has come that no probe of this replica was begun after.</summary>
    public bool VerificationDue { get; private init; }

    /// <summary>Whether the probe under way is a verifying one.</summary>
    public bool Verifying { get; private init; }

    /// <summary>When the last verifying probe was begun; null: never.</summary>
    public TimeSpan? VerifiedAt { get; private init; }

    public bool Reported => Reports.Any(report => !report.Dismissed);

    /// <summary>Whether probes should come fast: while one more can still help to dismiss a report.</summary>
    public bool NeedsProbes => Reports.Any(report => !report.Dismissed && report.Probes < Report.Enough);

    /// <summary>Whether what an observer says is a report that is not dismissed.</summary>
    public bool IsOpen(Testimony testimony) => testimony.Opinion == Opinion.Bad && Reports.Any(report =>
        !report.Dismissed && report.Observer == testimony.Observer && report.Number == testimony.Report);

    /// <summary>Others say something else, or others say something.</summary>
    /// <param name="longestHold">How long an endpoint is held at most, when nobody's probe comes to a result.</param>
    public Suspicion OnEvidence(EndpointEvidence before, EndpointEvidence now, TimeSpan at, TimeSpan longestHold)
    {
        var reports = now.Testimonies
            .Where(testimony => testimony is { Opinion: Opinion.Bad, Report: > 0 })
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

    /// <summary>It leaves everything waiting: as after a report it is held, and looked at. Or no longer.</summary>
    public Suspicion OnStalled(bool stalled, TimeSpan at, TimeSpan longestHold) => (stalled, Stalled) switch
    {
        (true, false) => this with { Stalled = true, HeldUntil = at + longestHold, VerificationDue = true },
        (false, true) => this with { Stalled = false, HeldUntil = null, VerificationDue = VerificationDue && Reported },
        _ => this,
    };

    /// <summary>A verifying probe is begun.</summary>
    public Suspicion OnVerifying(TimeSpan now) => this with { VerificationDue = false, Verifying = true, VerifiedAt = now };

    /// <summary>A probe of this replica came to its result.</summary>
    public Suspicion OnProbe(bool passed) => this with
    {
        Reports = [.. Reports.Select(report => passed ? report.Pass() : report.Restart())],
        HeldUntil = Verifying ? null : HeldUntil,
        Verifying = false,
    };

    /// <summary>Own traffic has proven the endpoint: every report so far is dismissed.</summary>
    public Suspicion OnProven() => this with { Reports = [.. Reports.Select(report => report with { Dismissed = true })] };

    /// <summary>Own traffic has failed it.</summary>
    public Suspicion OnFailed() => this with { Reports = [.. Reports.Select(report => report.Restart())] };

    /// <summary>The longest hold is over.</summary>
    public Suspicion OnHoldElapsed(TimeSpan now) => HeldUntil <= now ? this with { HeldUntil = null } : this;

    private Report Take(Testimony testimony)
    {
        var byBreaker = testimony.Sight.Breaker != BreakerPhase.Closed;
        var report = new Report(testimony.Observer, testimony.Report, byBreaker, 0, Dismissed: false);
        var same = Reports.Where(report.IsSameAs).ToList();
        return same.Count > 0 ? same[0] with { ByBreaker = byBreaker } : report;
    }

    /// <summary>Whether someone in my zone has finished a verifying probe meanwhile.</summary>
    private static bool IsVerified(EndpointEvidence before, EndpointEvidence now) => now.Testimonies.Any(testimony =>
        testimony.InMyZone && before.Testimonies.Any(earlier => earlier.Observer == testimony.Observer && earlier.Verified < testimony.Verified));
}
