namespace Gateway.Upstream;

/// <summary>Decides about the head of an answer before anything of it reaches the client.</summary>
public interface IAnswerGate
{
    /// <summary>Whether the answer goes on to the client; if not, it is discarded and another attempt follows.</summary>
    bool PassOn(in AnswerHead head);
}

/// <summary>What the decision about an answer goes by.</summary>
/// <param name="Status">The final status; 1xx are not asked about.</param>
/// <param name="FullySent">Whether the request had been sent to its end.</param>
/// <param name="RetryAfter">What the endpoint asks to wait, where it says so in seconds.</param>
/// <param name="At">When it came, by the monotonic clock; null: just now.</param>
public readonly record struct AnswerHead(int Status, bool FullySent, TimeSpan? RetryAfter = null, TimeSpan? At = null);
