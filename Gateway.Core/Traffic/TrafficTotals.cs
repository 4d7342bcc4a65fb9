namespace Gateway.Core.Traffic;

/// <summary>Running totals at one moment, compared by a <see cref="TrafficWindow"/>.</summary>
/// <param name="Count">Attempts, or requests, ever begun or ended.</param>
/// <param name="Errors">Failures.</param>
/// <param name="Retries">Attempts that were followed by a retry.</param>
public readonly record struct TrafficTotals(double Count, double Errors, double Retries)
{
    /// <summary>Answers by the class of their status.</summary>
    public AnswerClasses Answers { get; init; }

    public static TrafficTotals operator +(TrafficTotals a, TrafficTotals b) =>
        new(a.Count + b.Count, a.Errors + b.Errors, a.Retries + b.Retries) { Answers = a.Answers + b.Answers };
}
