using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>A connection in the form of pipes.</summary>
/// <param name="Pipe">The pipes; the other end completes both directions when the connection is over.</param>
/// <param name="Close">Called once, when this end is done with it; with true if the peer must see that its data is incomplete. Does not block.</param>
public record PipeConnection(IDuplexPipe Pipe, Action<bool> Close)
{
    /// <summary>Whether the input ended without notice by the peer: the received data may be incomplete.</summary>
    public virtual bool IsCutShort => false;

    /// <summary>Ends sending. Called at most once, after everything has been flushed. Does not block.</summary>
    public virtual void EndSending() => Pipe.Output.Complete();
}
