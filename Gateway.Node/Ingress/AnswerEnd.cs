namespace Gateway.Node.Ingress;

/// <summary>How an answer ended.</summary>
internal enum AnswerEnd
{
    /// <summary>All of it has been passed to Kestrel.</summary>
    Complete,

    /// <summary>The engine broke it off, or never began it.</summary>
    Broken,

    /// <summary>The backend has switched to a WebSocket: the tunnel follows.</summary>
    Switched,

    /// <summary>The client takes no more of it.</summary>
    ClientGone,
}
