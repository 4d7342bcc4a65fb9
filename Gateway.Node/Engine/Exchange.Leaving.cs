using Gateway.Core.Outcomes;

namespace Gateway.Node.Engine;

/// <summary>The process ends, and what would go on for as long as the two sides like is closed in order.</summary>
internal sealed partial class Exchange
{
    /// <summary>A WebSocket is closed by both sides' closing handshakes; a gRPC call ends as one that may be made again elsewhere.</summary>
    public void GoAway()
    {
        if (_tunnel is { HasGoneAway: false } tunnel)
        {
            tunnel.GoAway(_client.Channel, _backend!.Channel);
        }
        else if (_call.IsCall && _stage == Stage.Answering)
        {
            _record?.Because("replica-leaves");
            EndAttempt(ReportOf(AttemptEnd.BodyAbandoned), GrpcStatus.Unavailable);
        }
    }
}
