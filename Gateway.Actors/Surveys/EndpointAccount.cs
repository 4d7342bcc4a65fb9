using Gateway.Actors.Inspection;
using Gateway.Core.Health;

namespace Gateway.Actors.Surveys;

/// <summary>A replica's local state of an endpoint: the part of its <see cref="EndpointReport"/> sent to other replicas for operators.</summary>
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
    /// <summary>Answers of 400 to 499 and of 500 to 599 per second. 0 from a replica whose version does not send them.</summary>
    public (double ClientErrors, double ServerErrors) Answers { get; init; }

    /// <summary>The last attempt that counted as the endpoint's failure; null if none, or not sent.</summary>
    public FailureReport? LastFailure { get; init; }

    /// <summary>Returns the account of an endpoint that was looked up; null if it was not found.</summary>
    public static EndpointAccount? Of(EndpointLookup lookup) => lookup is EndpointLookup.Found(_, var report) ? Of(report) : null;

    private static EndpointAccount Of(EndpointReport report) => new(
        report.State, report.Reason, report.Verdict, report.Breaker, report.LastProbe, report.InFlight, report.Draining,
        report.Attempts.PerSecond, report.Attempts.ErrorsPerSecond)
    {
        Answers = (report.Attempts.AnswersPerSecond.ClientError, report.Attempts.AnswersPerSecond.ServerError),
        LastFailure = report.LastFailure,
    };
}
