using Gateway.Actors.Cluster;
using Gateway.Actors.Evidence;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;

namespace Gateway.Tests.Cluster;

/// <summary>One or more of every type that crosses nodes. Whoever adds a type adds examples here.</summary>
internal static class WireExamples
{
    public static IReadOnlyList<IWireMessage> All { get; } = [.. Replicas, .. Evidence];

    private static IEnumerable<IWireMessage> Replicas =>
    [
        new AskReplica(),
        new ReplicaReport("gateway-1", ClusterReport.None),
        new ReplicaReport("Zürich", new(3, new("10.0.0.1:4053", -1), KnowsAsker: true)),
    ];

    private static IEnumerable<IWireMessage> Evidence =>
    [
        new SendEvidence(),
        new EvidenceBeat(long.MaxValue),
        new EvidenceSent(new(0, [])),
        new EvidenceSent(new(41, [Observation])),
        new EvidenceSnapshot(new(0, 0, 1, [])),
        new EvidenceSnapshot(new(42, 3, 7, [Observation, Observation with { Sight = default, Age = TimeSpan.Zero, Why = "" }])),
    ];

    private static Observation Observation => new(
        new("shop", TestEndpoints.Address("https://[2001:db8::7]:8443")),
        42,
        new(Verdict.Unhealthy, BreakerPhase.HalfOpen),
        Report: 40,
        Verified: 3,
        TimeSpan.FromTicks(123_456_789),
        "probe failed: status 503 — “nein”");
}
