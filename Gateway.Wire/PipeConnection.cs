using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>A connection that is read and written as pipes.</summary>
/// <param name="Pipe">Whoever is at its other end completes both directions when the connection is over.</param>
/// <param name="Close">Called once, when this end is done with it; with true for a reset.</param>
public sealed record PipeConnection(IDuplexPipe Pipe, Action<bool> Close);
