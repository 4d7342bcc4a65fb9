namespace Gateway.Upstream;

/// <summary>Decides about the head of an answer before anything of it reaches the client.</summary>
public interface IAnswerGate
{
    /// <summary>Whether the answer goes on to the client; if not, it is discarded and another attempt follows.</summary>
    /// <param name="status">The final status; 1xx are not asked about.</param>
    /// <param name="fullySent">Whether the request had been sent to its end.</param>
    bool PassOn(int status, bool fullySent);
}
