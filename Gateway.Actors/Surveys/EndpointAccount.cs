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
    /// <summary>Answers of 400 to 499 and of 500 to 599, a second. 0 from a replica of a version that does not tell.</summary>
    public (double ClientErrors, double ServerErrors) Answers { get; init; }

    /// <summary>The last attempt that counted as the endpoint's failure; null: none, or not told.</summary>
    public FailureReport? LastFailure { get; init; }

    public static EndpointAccount Of(EndpointReport report) => new(
        report.State, report.Reason, report.Verdict, report.Breaker, report.LastProbe, report.InFlight, report.Draining,
        report.Attempts.PerSecond, report.Attempts.ErrorsPerSecond)
    {
        Answers = (report.Attempts.AnswersPerSecond.ClientError, report.Attempts.AnswersPerSecond.ServerError),
        LastFailure = report.LastFailure,
    };
}
