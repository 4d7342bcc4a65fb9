namespace Gateway.Node.Recording;

/// <summary>Why a request ended.</summary>
internal enum RequestEnd
{
    /// <summary>The client has the whole answer of a backend.</summary>
    Completed,

    /// <summary>The client left, or took or sent nothing more.</summary>
    ClientLeft,

    /// <summary>The backend broke off after the head of its answer had been passed on.</summary>
    BackendBroke,

    /// <summary>No backend gave an answer: the gateway answered 502.</summary>
    BackendFailed,

    /// <summary>No backend gave an answer in time: the gateway answered 504.</summary>
    Timeout,

    /// <summary>The gateway refused it.</summary>
    Refused,

    /// <summary>It was for the gateway itself, which answered it.</summary>
    AnsweredHere,
}
