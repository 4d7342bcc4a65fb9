using System.Net;
using System.Net.Sockets;
using Gateway.Node.Engine;
using Gateway.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Ingress;

/// <summary>A client's connection that Kestrel's transport has accepted and carries; a loop of the engine serves it.</summary>
internal sealed record TransportConnection : PipeConnection
{
    private readonly Socket? _socket;

    private TransportConnection(ConnectionContext connection, TaskCompletionSource<bool> ended)
        : base(connection.Transport, ended.SetResult) => _socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>Has the engine serve it; returns when it is over.</summary>
    /// <param name="takesHttpcg">Whether it came to the listener for httpcg URLs.</param>
    public static async Task ServeAsync(ConnectionContext connection, EngineIngress engine, bool takesHttpcg = false)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var leaving = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var peer = connection.RemoteEndPoint as IPEndPoint;
        var address = new ClientAddress(peer?.Address ?? IPAddress.None) { Port = peer?.Port ?? 0, TakesHttpcgTargets = takesHttpcg };
        engine.Accept(new TransportConnection(connection, ended), address, leaving);
        if (await ended.Task)
        {
            connection.Abort(new ConnectionAbortedException("the answer is not whole"));
        }
    }

    /// <summary>The transport knows no half-closed connection, its socket does. All has been flushed, which is to say sent: the pipe keeps nothing.</summary>
    public override void EndSending()
    {
        try
        {
            _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client has left: reading tells.
        }
    }
}
