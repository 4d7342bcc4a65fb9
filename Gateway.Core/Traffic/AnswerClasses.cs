namespace Gateway.Core.Traffic;

/// <summary>Answers by the class of their status (RFC 9110, 15), as counts or rates per second.</summary>
/// <param name="Informational">100 to 199: as a final answer only 101, an upgraded connection.</param>
/// <param name="ClientError">400 to 499; for requests, also those whose client left before the answer (499).</param>
/// <param name="ServerError">500 to 599.</param>
public readonly record struct AnswerClasses(double Informational, double Successful, double Redirection, double ClientError, double ServerError)
{
    public static AnswerClasses operator +(AnswerClasses a, AnswerClasses b) => a.With(b, static (x, y) => x + y);

    /// <summary>Returns the rates per second since an earlier reading; never negative.</summary>
    public AnswerClasses PerSecondSince(AnswerClasses before, double seconds) => With(before, (now, then) => Math.Max(0, now - then) / seconds);

    /// <summary>Combines each value with another's.</summary>
    public AnswerClasses With(AnswerClasses other, Func<double, double, double> combine) => new(
        combine(Informational, other.Informational),
        combine(Successful, other.Successful),
        combine(Redirection, other.Redirection),
        combine(ClientError, other.ClientError),
        combine(ServerError, other.ServerError));
}
