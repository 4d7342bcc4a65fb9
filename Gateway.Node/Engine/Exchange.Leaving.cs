using Gateway.Core.Outcomes;

namespace Gateway.Node.Engine;

/// <summary>Closing WebSockets and gRPC calls in order when the process ends.</summary>
internal sealed partial class Exchange
{
    /// <summary>Passes the end of the client's direction on: as an end, or as a reset if the client was cut off.</summary>
    private void EndTunnelToBackend(Tunnel tunnel)
    {
        if (tunnel.IsCompleteToBackend(_client.Channel))
        {
            _backend!.Channel.EndSending();
        }
        else
        {
            OnClientGone();
        }
    }

    /// <summary>Resets the backend's connection of a tunnel whose client was cut off: an end in order would say that the client had finished.</summary>
    private void CutTunnelToBackend()
    {
        if (_tunnel is { HasGoneAway: false })
        {
            _backend?.Channel.Reset();
        }
    }

    /// <summary>Closes a WebSocket by both sides' closing handshakes; ends a gRPC call with a status that allows a retry elsewhere.</summary>
    public void GoAway()
    {
        if (_tunnel is { HasGoneAway: false } tunnel)
        {
            tunnel.GoAway(_client.Channel, _backend!.Channel);
        }
        else if (_call.IsCall && _stage != Stage.None)
        {
            _record?.SetReason("replica-leaves");
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
