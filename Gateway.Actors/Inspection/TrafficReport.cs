using Gateway.Core.Traffic;

namespace Gateway.Actors.Inspection;

/// <summary>Traffic over a recent window of about ten seconds, and since the start.</summary>
/// <param name="WindowSeconds">What the rates and quantiles cover; 0 until there are two samples, a second apart.</param>
/// <param name="PerSecond">Requests answered, or attempts begun, a second.</param>
/// <param name="ErrorsPerSecond">Of requests those answered with 500 to 599; of attempts those that counted as the endpoint's failure.</param>
/// <param name="RetriesPerSecond">Those after which another attempt was made.</param>
/// <param name="P50Ms">Half took no longer; of requests until their end, of attempts until the head of the answer. Null when there were none.</param>
/// <param name="P99Ms">99 % took no longer.</param>
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
    /// <summary>Answers a second by the class of their status: of requests what clients got, of attempts what the endpoint said, tried again or not.</summary>
    public AnswerClasses AnswersPerSecond { get; init; }

    /// <summary>The same since the start.</summary>
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
