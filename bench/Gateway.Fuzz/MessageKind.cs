namespace Gateway.Fuzz;

/// <summary>The contents of a stream.</summary>
internal enum MessageKind
{
    Requests,
    Answers,

    /// <summary>A single chunked body.</summary>
    Chunked,
}
