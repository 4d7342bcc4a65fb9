using Gateway.Node.Engine;
using Gateway.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// The conversations of a Kestrel connection, stored as a feature of it: created as its requests need them, kept for later ones, ended with it.
/// </summary>
internal sealed class Conversations(EngineIngress engine, ConnectionContext connection)
{
    /// <summary>The most idle conversations kept: each holds a few kilobytes.</summary>
    private const int MaxIdle = 16;

    private readonly Lock _gate = new();
    private readonly Stack<Conversation> _idle = new();
    private bool _isOver;

    /// <summary>Takes a free conversation, which must be returned or ended.</summary>
    public Conversation Take(HttpRequest request)
    {
        lock (_gate)
        {
            while (_idle.TryPop(out var idle))
            {
                if (!idle.HasEnded)
                {
                    return idle;
                }

                idle.End(isWhole: true);
            }
        }

        var conversation = new Conversation();
        engine.Converse(conversation.EngineSide, new ClientAddress(ClientAddress.PeerOf(connection.RemoteEndPoint), request.Scheme, HttpProtocol.IsHttp2(request.Protocol))
        {
            Port = ClientAddress.PortOf(connection.RemoteEndPoint),
            Tls = TlsOf(connection),
            Certificate = connection.Features.Get<TlsSession>()?.Client,
        });
        return conversation;
    }

    /// <summary>Returns a conversation whose request and answer are complete, and which may serve another request.</summary>
    public void Return(Conversation conversation)
    {
        lock (_gate)
        {
            if (!_isOver && _idle.Count < MaxIdle)
            {
                _idle.Push(conversation);
                return;
            }
        }

        conversation.End(isWhole: true);
    }

    private static string? TlsOf(ConnectionContext connection) =>
        connection.Features.Get<ITlsHandshakeFeature>() is { } handshake ? ClientAddress.TlsNameOf(handshake.Protocol) : null;

    /// <summary>Called when the connection is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        foreach (var idle in _idle)
        {
            idle.End(isWhole: true);
        }
    }
}
