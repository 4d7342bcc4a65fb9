using System.Collections.Immutable;
using Gateway.Actors.Agreement;
using Gateway.Actors.Analytics;
using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Actors.Inspection;
using Gateway.Actors.Surveys;
using Gateway.Core.Analytics;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Grants;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Outcomes;
using Gateway.Core.Overrides;
using Gateway.Tests.Analytics;

namespace Gateway.Tests.Cluster.Wire;

/// <summary>One or more examples of every type that crosses nodes. A new type needs examples here.</summary>
internal static class WireExamples
{
    public static IReadOnlyList<IWireMessage> All { get; } = [.. Replicas, .. Evidence, .. Grants, .. Operators, .. Counts];

    private static IEnumerable<IWireMessage> Operators =>
    [
        OverridesData.Empty,
        new SettingsTold(ImmutableSortedDictionary<string, long>.Empty.Add("default", long.MinValue).Add("shop", 7)),
        new OverridesData(OverridePart.Empty
            .With(TestEndpoints.Id(1), new([new(new(7, -3), RemarkKind.Reweighted, "Zoë", 5), new(new(8, long.MinValue), RemarkKind.Drained, "")]), new(8, long.MinValue))
            .With(TestEndpoints.Id(2, "other"), new([new(new(9, 4), RemarkKind.Added, "a", 3, "a", 1)]), new(9, 4))
            .With(TestEndpoints.Id(3), new([new(new(10, 4), RemarkKind.Removed, "b")]), new(10, 4))),
        new AskAccount(TestEndpoints.Id(1), 42),
        new AccountGiven(42, null),
        new AccountGiven(-1, new(
            EndpointState.Trial, "trials-only (trial)", Verdict.Degraded, new(BreakerPhase.HalfOpen, uint.MaxValue, 0, 1, 2, null), null, 7, Draining: true, 0, 0)),
        new AccountGiven(7, new(
            EndpointState.Ejected, "ejected (own-breaker)", Verdict.Healthy, new(BreakerPhase.Open, 3, 0, 0, 0, 4.5), new(true, 1.25, 0.5, "200"), 0, Draining: false, 10.5, 0.1)),
        new AccountGiven(8, new(
            EndpointState.Available, "available (own)", Verdict.Healthy, new(BreakerPhase.Closed, 0, 0, 0, 0, null), null, 0, Draining: false, 10, 0)
        {
            Answers = (0.5, 3.25),
            LastFailure = new(FailureReason.Connect, 0, "Connection refused (10.0.0.1:80)", 12.5),
        }),
    ];

    private static IEnumerable<IWireMessage> Counts =>
    [
        new AskAnalytics(1, default),
        new AskAnalytics(long.MinValue, new(SeriesKind.Endpoint, AnalyticsWindow.FifteenMinutes)),
        new AnalyticsGiven(1, 0, 1, 0, []),
        new AnalyticsGiven(-7, 2, 3, 4_000,
        [
            new(SeriesKey.Route("Zürich"), []),
            new(SeriesKey.Endpoint("shop", "[2001:db8::7]:8443"),
            [
                WindowReading.Of(AnalyticsWindow.OneMinute, TimeSpan.FromSeconds(61.5), SeriesCounts.None),
                WindowReading.Of(AnalyticsWindow.FiveMinutes, TimeSpan.FromSeconds(312), new(1_000_000, 3, LatencyCountsTests.LatenciesOf(1, 2_000, 2_000), LatencyCountsTests.LatenciesOf(70_000_000))),
            ]),
        ]),
    ];

    private static IEnumerable<IWireMessage> Replicas =>
    [
        new AskReplica(0, null, 0),
        new AskReplica(3, new("10.0.0.1:4053", -1), long.MinValue),
        new ReplicaReport("gateway-1", ClusterReport.None, 1),
        new ReplicaReport("Zürich", new(3, new("10.0.0.1:4053", -1), KnowsReceiver: true), int.MaxValue),
    ];

    private static IEnumerable<IWireMessage> Grants =>
    [
        new AskGrant(TestEndpoints.Id(1), 638_000_000_000_000_000, TimeSpan.FromSeconds(30), Holding: true),
        new AskGrant(new("shop", TestEndpoints.Address("https://[::1]:8443")), 0, TimeSpan.FromMilliseconds(1), Holding: false),
        new GrantQueued(TestEndpoints.Id(1), 1),
        new GrantGiven(TestEndpoints.Id(1), long.MaxValue),
        new GrantUsed(TestEndpoints.Id(1), -1),
        .. Enum.GetValues<GrantEnd>().Select(how => new GrantEnded(TestEndpoints.Id(1), 1, how)),
        new EndpointProven(TestEndpoints.Id(2, "other")),
    ];

    private static IEnumerable<IWireMessage> Evidence =>
    [
        new SendEvidence(),
        new EvidenceBeat(long.MaxValue),
        new EvidenceSent(new(0, [])),
        new EvidenceSent(new(41, [Entry])),
        new EvidenceSnapshot(new(0, 0, 1, [])),
        new EvidenceSnapshot(new(42, 3, 7, [Entry, Entry with { Observation = default, Age = TimeSpan.Zero, Why = "" }])),
    ];

    private static EvidenceEntry Entry => new(
        new("shop", TestEndpoints.Address("https://[2001:db8::7]:8443")),
        42,
        new(Verdict.Unhealthy, BreakerPhase.HalfOpen),
        Report: 40,
        Verified: 3,
        TimeSpan.FromTicks(123_456_789),
        "probe failed: status 503 — “nein”");
}
