using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Cells;

/// <summary>
/// Receives the edges of an endpoint's traffic; implemented for its actor. Called by request threads, so it must not block.
/// </summary>
public interface IEndpointSignals
{
    /// <summary>Ignores all edges: for a cell without an actor.</summary>
    static IEndpointSignals None { get; } = new Silence();

    /// <param name="epoch">The breaker's epoch after the edge.</param>
    /// <param name="reason">The failure reason, for edges caused by a failure.</param>
    void Signal(BreakerEdge edge, uint epoch, FailureReason reason);

    private sealed class Silence : IEndpointSignals
    {
        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason)
        {
        }
    }
}
