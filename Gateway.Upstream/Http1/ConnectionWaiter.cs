namespace Gateway.Upstream.Http1;

/// <summary>An attempt that waits for a connection. Completed once: by a connection, by the failure of the connect begun for it, or as cancelled.</summary>
/// <param name="idleAtMost">Ticks that its connection may have been idle; negative: only a new one will do.</param>
internal sealed class ConnectionWaiter(long idleAtMost) : TaskCompletionSource<Http1Connection>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long IdleAtMost => idleAtMost;

    /// <summary>Whether a connect that was begun for it is under way.</summary>
    public bool Connecting { get; set; }

    /// <summary>Whether it came when every connection was busy, so that it waits for the end of others.</summary>
    public bool Queued { get; set; }

    /// <summary>Its place in the line.</summary>
    internal LinkedListNode<ConnectionWaiter>? Place { get; set; }
}
