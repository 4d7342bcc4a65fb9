namespace Gateway.Node.Ingress;

/// <summary>What became of an answer.</summary>
internal enum AnswerEnd
{
    /// <summary>All of it has been given to Kestrel.</summary>
    Whole,

    /// <summary>The engine broke it off, or never began one.</summary>
    Broken,

    /// <summary>The backend has switched to a WebSocket: what follows is the tunnel.</summary>
    Switched,

    /// <summary>The client takes no more of it.</summary>
    ClientGone,
}
