using Gateway.Node.Engine;
using Gateway.Node.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// The conversations of one of Kestrel's connections, which carries this as a feature: made as its requests need them, kept for the next ones, ended with it.
/// </summary>
internal sealed class Conversations(EngineIngress engine, ConnectionContext connection)
{
    /// <summary>Conversations that are kept while nothing is under way on them: each holds a few kilobytes.</summary>
    private const int MostIdle = 16;

    private readonly Lock _gate = new();
    private readonly Stack<Conversation> _idle = new();
    private bool _isOver;

    /// <summary>One that is free. It is to be given back or ended.</summary>
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

    /// <summary>Request and answer are complete, and another request may follow.</summary>
    public void Return(Conversation conversation)
    {
        lock (_gate)
        {
            if (!_isOver && _idle.Count < MostIdle)
            {
                _idle.Push(conversation);
                return;
            }
        }

        conversation.End(isWhole: true);
    }

    private static string? TlsOf(ConnectionContext connection) =>
        connection.Features.Get<ITlsHandshakeFeature>() is { } handshake ? ClientAddress.TlsNameOf(handshake.Protocol) : null;

    /// <summary>The connection is over.</summary>
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
