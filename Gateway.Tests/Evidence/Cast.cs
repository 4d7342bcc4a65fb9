using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;

namespace Gateway.Tests.Evidence;

/// <summary>Replicas by number: r1 in zone a, and others as placed by a test.</summary>
internal static class Cast
{
    public static readonly Sight Good = new(Verdict.Healthy, BreakerPhase.Closed);
    public static readonly Sight Sick = new(Verdict.Unhealthy, BreakerPhase.Closed);
    public static readonly Sight Tripped = new(Verdict.Unknown, BreakerPhase.Open);
    public static Sight Silent => default;

    public static ReplicaId Id(int number, long uid = 1) => new($"10.1.0.{number}:4053", uid);

    public static Replica Replica(int number, string? zone = "a", bool reachable = true, bool sidecar = false, long uid = 1) =>
        new(Id(number, uid), zone, sidecar, ReplicaStatus.Up, reachable, $"r{number}");

    /// <summary>The view of r1, with these others.</summary>
    public static ClusterView View(params Replica[] others) => ViewOf(Replica(1), others);

    public static ClusterView ViewOf(Replica self, params Replica[] others) => new(self.Id, [self, .. others]);

    /// <summary>The testimony of r<paramref name="number"/>.</summary>
    public static Testimony Says(int number, Sight sight, bool inMyZone = true, long report = 1, long verified = 0, bool owner = false) =>
        new(Id(number), $"r{number}", inMyZone, owner, sight, sight.Opinion == Opinion.Bad ? report : 0, verified, TimeSpan.Zero, "");

    public static EndpointEvidence Evidence(params Testimony[] testimonies) => new(Owner: false, [.. testimonies.OrderBy(t => t.Observer)]);
}
