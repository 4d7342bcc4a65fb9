using Gateway.Actors.Inspection;
using Gateway.Core.Health;

namespace Gateway.Actors.Surveys;

/// <summary>What only the replica itself knows of an endpoint: what of its <see cref="EndpointReport"/> is told to other replicas when operators ask.</summary>
public sealed record EndpointAccount(
    EndpointState State,
    string Reason,
    Verdict Verdict,
    BreakerReport Breaker,
    ProbeReport? LastProbe,
    int InFlight,
    bool Draining,
    double PerSecond,
    double ErrorsPerSecond)
{
    public static EndpointAccount Of(EndpointReport report) => new(
        report.State, report.Reason, report.Verdict, report.Breaker, report.LastProbe, report.InFlight, report.Draining,
        report.Attempts.PerSecond, report.Attempts.ErrorsPerSecond);
}
