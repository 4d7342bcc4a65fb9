using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Core.Cells;

/// <summary>Who hears of the edges of an endpoint's traffic: its actor. Called by request threads, so it must not block.</summary>
public interface IEndpointSignals
{
    /// <summary>Nobody: for a cell that no actor watches yet.</summary>
    static IEndpointSignals None { get; } = new Silence();

    /// <param name="epoch">The breaker's epoch after the edge.</param>
    /// <param name="reason">What failed, for edges that a failure made.</param>
    void Signal(BreakerEdge edge, uint epoch, FailureReason reason);

    private sealed class Silence : IEndpointSignals
    {
        public void Signal(BreakerEdge edge, uint epoch, FailureReason reason)
        {
        }
    }
}
