namespace Gateway.Upstream.Http1;

/// <summary>An attempt that waits for a connection. Completed once: by a connection, by the failure of the connect that is its own, or as cancelled.</summary>
/// <param name="idleAtMost">Ticks that its connection may have been idle; negative: only a new one will do.</param>
internal sealed class ConnectionWaiter(long idleAtMost) : TaskCompletionSource<Http1Connection>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long IdleAtMost => idleAtMost;

    /// <summary>The connect that is its own, under way; null when there was no room for one.</summary>
    public PendingConnect? Connect { get; set; }

    /// <summary>Whether it came when every place was taken by a connection, so that it waits for the end of others.</summary>
    public bool Queued { get; set; }

    /// <summary>Its place in the line.</summary>
    internal LinkedListNode<ConnectionWaiter>? Place { get; set; }
}
