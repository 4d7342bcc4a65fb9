using Gateway.Core.Outcomes;

namespace Gateway.Node.Engine;

/// <summary>Closing WebSockets and gRPC calls in order when the process ends.</summary>
internal sealed partial class Exchange
{
    /// <summary>Closes a WebSocket by both sides' closing handshakes; ends a gRPC call with a status that allows a retry elsewhere.</summary>
    public void GoAway()
    {
        if (_tunnel is { HasGoneAway: false } tunnel)
        {
            tunnel.GoAway(_client.Channel, _backend!.Channel);
        }
        else if (_call.IsCall && _stage != Stage.None)
        {
            _record?.Because("replica-leaves");
            if (_stage == Stage.Backoff)
            {
                Refuse(Problem.Leaving, _attempts.Backend); // Between two attempts.
            }
            else
            {
                EndAttempt(ReportOf(AttemptEnd.BodyAbandoned), GrpcStatus.Unavailable);
            }
        }
    }
}
