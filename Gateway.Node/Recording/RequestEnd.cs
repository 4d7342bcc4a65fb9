namespace Gateway.Node.Recording;

/// <summary>Why a request ended.</summary>
internal enum RequestEnd
{
    /// <summary>The client has a backend's whole answer.</summary>
    Completed,

    /// <summary>The client left, or stopped reading or sending.</summary>
    ClientLeft,

    /// <summary>The backend broke off after the head of its answer was passed on.</summary>
    BackendBroke,

    /// <summary>No backend answered: the gateway sent 502.</summary>
    BackendFailed,

    /// <summary>No backend answered in time: the gateway sent 504.</summary>
    Timeout,

    /// <summary>The gateway refused it.</summary>
    Refused,

    /// <summary>It was addressed to the gateway itself.</summary>
    AnsweredHere,
}
