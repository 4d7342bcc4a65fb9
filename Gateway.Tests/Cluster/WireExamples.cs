using Gateway.Actors.Cluster;
using Gateway.Actors.Cluster.Sharing;
using Gateway.Actors.Draining;
using Gateway.Core.Membership;
using Gateway.Core.Overrides;

namespace Gateway.Tests.Cluster;

/// <summary>One or more of every type that crosses nodes. Whoever adds a type adds examples here.</summary>
internal static class WireExamples
{
    public static IReadOnlyList<IWireMessage> All { get; } = [.. Replicas, .. Operators];

    private static IEnumerable<IWireMessage> Operators =>
    [
        OverridesData.Empty,
        new OverridesData(OverrideMap.Empty
            .With(TestEndpoints.Id(1), new(new(7, new("10.0.0.1:4053", -3)), Weight: 5, Draining: true, Who: "Zoë"))
            .With(TestEndpoints.Id(2, "other"), new(new(8, new("10.0.0.2:4053", 9)), Added: new(3, "a", 1)))
            .With(TestEndpoints.Id(3), new(new(9, new("10.0.0.2:4053", 9)), Removed: true, Added: new()))),
        new CountInFlight(TestEndpoints.Id(1), 42),
        new InFlightCounted(42, 7, Draining: true),
    ];

    private static IEnumerable<IWireMessage> Replicas =>
    [
        new AskReplica(),
        new ReplicaReport("gateway-1", ClusterReport.None),
        new ReplicaReport("Zürich", new(3, new("10.0.0.1:4053", -1), KnowsAsker: true)),
    ];
}
