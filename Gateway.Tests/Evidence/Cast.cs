using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;

namespace Gateway.Tests.Evidence;

/// <summary>Replicas by number: r1 in zone a, and others as placed by a test.</summary>
internal static class Cast
{
    public static readonly Observation Good = new(Verdict.Healthy, BreakerPhase.Closed);
    public static readonly Observation Sick = new(Verdict.Unhealthy, BreakerPhase.Closed);
    public static readonly Observation Tripped = new(Verdict.Unknown, BreakerPhase.Open);
    public static Observation Silent => default;

    public static ReplicaId Id(int number, long uid = 1) => new($"10.1.0.{number}:4053", uid);

    public static Replica Replica(int number, string? zone = "a", bool reachable = true, bool sidecar = false, long uid = 1) =>
        new(Id(number, uid), zone, sidecar, ReplicaStatus.Up, reachable, $"r{number}");

    /// <summary>The view of r1, with these others.</summary>
    public static ClusterView View(params Replica[] others) => ViewOf(Replica(1), others);

    public static ClusterView ViewOf(Replica self, params Replica[] others) => new(self.Id, [self, .. others]);

    /// <summary>The testimony of r<paramref name="number"/>.</summary>
    public static PeerObservation Says(int number, Observation observation, bool inMyZone = true, long report = 1, long verified = 0, bool owner = false) =>
        new(Id(number), $"r{number}", inMyZone, owner, observation, observation.Opinion == Opinion.Bad ? report : 0, verified, TimeSpan.Zero, "");

    public static EndpointEvidence Evidence(params PeerObservation[] peers) => new(Owner: false, [.. peers.OrderBy(t => t.Observer)]);
}
