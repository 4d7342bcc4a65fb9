using Gateway.Actors.Cluster;
using Gateway.Actors.Grants;
using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Tests.Cluster;

/// <summary>One or more of every type that crosses nodes. Whoever adds a type adds examples here.</summary>
internal static class WireExamples
{
    public static IReadOnlyList<IWireMessage> All { get; } = [.. Replicas, .. Grants];

    private static IEnumerable<IWireMessage> Replicas =>
    [
        new AskReplica(),
        new ReplicaReport("gateway-1", ClusterReport.None),
        new ReplicaReport("Zürich", new(3, new("10.0.0.1:4053", -1), KnowsAsker: true)),
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
}
