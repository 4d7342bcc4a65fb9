namespace Gateway.Fuzz;

/// <summary>What a stream is made of.</summary>
internal enum MessageKind
{
    Requests,
    Answers,

    /// <summary>A single chunked body.</summary>
    Chunked,
}
