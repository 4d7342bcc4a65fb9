using Gateway.Core.Traffic;

namespace Gateway.Actors.Inspection;

/// <summary>Traffic over a recent window of about ten seconds, and since the start.</summary>
/// <param name="WindowSeconds">The time covered by rates and quantiles; 0 until there are two samples, a second apart.</param>
/// <param name="PerSecond">Requests answered, or attempts begun, per second.</param>
/// <param name="ErrorsPerSecond">For requests, those answered with 500 to 599; for attempts, those that counted as the endpoint's failure.</param>
/// <param name="RetriesPerSecond">Attempts per second that were followed by another.</param>
/// <param name="P50Ms">The median latency; for requests to their end, for attempts to the head of the answer. Null if there were none.</param>
/// <param name="P99Ms">The 99th percentile of the latency.</param>
public sealed record TrafficReport(
    double WindowSeconds,
    double PerSecond,
    double ErrorsPerSecond,
    double RetriesPerSecond,
    double? P50Ms,
    double? P99Ms,
    double Total,
    double ErrorsTotal,
    double RetriesTotal)
{
    /// <summary>Answers per second by the class of their status: for requests those sent to clients, for attempts the endpoint's, retried or not.</summary>
    public AnswerClasses AnswersPerSecond { get; init; }

    /// <summary>Answers since the start, by the class of their status.</summary>
    public AnswerClasses AnswersTotal { get; init; }

    public static TrafficReport Of(TrafficRates rates) => new(
        Round(rates.Window.TotalSeconds),
        Round(rates.PerSecond),
        Round(rates.ErrorsPerSecond),
        Round(rates.RetriesPerSecond),
        rates.P50 is { } p50 ? Round(p50.TotalMilliseconds) : null,
        rates.P99 is { } p99 ? Round(p99.TotalMilliseconds) : null,
        rates.Totals.Count,
        rates.Totals.Errors,
        rates.Totals.Retries)
    {
        AnswersPerSecond = rates.Answers.With(default, static (value, _) => Round(value)),
        AnswersTotal = rates.Totals.Answers,
    };

    private static double Round(double value) => Math.Round(value, 3);
}
