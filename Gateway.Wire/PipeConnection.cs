using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>A connection that is read and written as pipes.</summary>
/// <param name="Pipe">The other end completes both directions when the connection is over.</param>
/// <param name="Close">Called once, when this end is done with it; with true when the peer must see that what it got is not all. Does not block.</param>
public record PipeConnection(IDuplexPipe Pipe, Action<bool> Close)
{
    /// <summary>Whether the input ended without the peer having said so: what has come may not be all.</summary>
    public virtual bool IsCutShort => false;

    /// <summary>Tells the peer that no more is sent. Called at most once, when all has been flushed. Does not block.</summary>
    public virtual void EndSending() => Pipe.Output.Complete();
}
