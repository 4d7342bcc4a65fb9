using System.Net;
using System.Net.Sockets;
using Gateway.Node.Engine;
using Gateway.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Ingress;

/// <summary>A client's connection accepted and carried by Kestrel's transport; a loop of the engine serves it.</summary>
internal sealed record TransportConnection : PipeConnection
{
    private readonly Socket? _socket;

    private TransportConnection(ConnectionContext connection, TaskCompletionSource<bool> ended)
        : base(connection.Transport, ended.SetResult) => _socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;

    /// <summary>Passes it to the engine; completes when it is over.</summary>
    /// <param name="acceptsHttpcg">Whether it arrived at the httpcg listener.</param>
    public static Task ServeAsync(ConnectionContext connection, EngineIngress engine, bool acceptsHttpcg = false) =>
        ServeAsync(connection, engine, new ClientAddress(PeerOf(connection)) { Port = ClientAddress.PortOf(connection.RemoteEndPoint), AcceptsHttpcgTargets = acceptsHttpcg });

    /// <summary>The same for an HTTP/2 client.</summary>
    public static Task ServeHttp2Async(ConnectionContext connection, EngineIngress engine) =>
        ServeAsync(connection, engine, new ClientAddress(PeerOf(connection), isHttp2: true) { Port = ClientAddress.PortOf(connection.RemoteEndPoint) });

    private static IPAddress PeerOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;

    private static async Task ServeAsync(ConnectionContext connection, EngineIngress engine, ClientAddress address)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var leaving = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var carried = new TransportConnection(connection, ended);
        if (address.IsHttp2)
        {
            engine.AcceptHttp2(carried, address, leaving);
        }
        else
        {
            engine.Accept(carried, address, leaving);
        }

        if (await ended.Task)
        {
            connection.Abort(new ConnectionAbortedException("the answer is incomplete"));
        }
    }

    /// <summary>Half-closes the socket: the transport cannot. Everything has been flushed, hence sent: the pipe keeps nothing.</summary>
    public override void EndSending()
    {
        try
        {
            _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client has left, which the next read reports.
        }
    }
}
