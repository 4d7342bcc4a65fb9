using Gateway.Actors.Cluster;
using Gateway.Core.Membership;

namespace Gateway.Tests.Cluster;

/// <summary>One or more of every type that crosses nodes. Whoever adds a type adds examples here.</summary>
internal static class WireExamples
{
    public static IReadOnlyList<IWireMessage> All { get; } = [.. Replicas];

    private static IEnumerable<IWireMessage> Replicas =>
    [
        new AskReplica(),
        new ReplicaReport("gateway-1", ClusterReport.None),
        new ReplicaReport("Zürich", new(3, new("10.0.0.1:4053", -1), KnowsAsker: true)),
    ];
}
