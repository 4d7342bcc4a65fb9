namespace Gateway.Core.Traffic;

/// <summary>Running totals at one moment: what a <see cref="TrafficWindow"/> compares.</summary>
/// <param name="Count">Attempts, or requests, ever begun or ended.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="Retries">Those that were followed by a further attempt.</param>
public readonly record struct TrafficTotals(double Count, double Errors, double Retries)
{
    /// <summary>Answers by the class of their status.</summary>
    public AnswerClasses Answers { get; init; }

    public static TrafficTotals operator +(TrafficTotals a, TrafficTotals b) =>
        new(a.Count + b.Count, a.Errors + b.Errors, a.Retries + b.Retries) { Answers = a.Answers + b.Answers };
}
