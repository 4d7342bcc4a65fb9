using Gateway.Node.Engine;
using Gateway.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Tls;

/// <summary>A client's TLS session, served by a loop of the engine.</summary>
internal sealed record TlsClient : PipeConnection
{
    private readonly TlsSession _session;

    private TlsClient(TlsSession session, TaskCompletionSource<bool> ended)
        : base(session, ended.SetResult) => _session = session;

    /// <summary>Passes it to the engine; completes when it is over.</summary>
    /// <param name="acceptsHttpcg">Whether it arrived at the httpcg listener.</param>
    public static async Task ServeAsync(ConnectionContext connection, TlsSession session, EngineIngress engine, bool acceptsHttpcg, TimeProvider clock)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var leaving = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var address = new ClientAddress(ClientAddress.PeerOf(connection.RemoteEndPoint), "https", session.IsHttp2) { Port = ClientAddress.PortOf(connection.RemoteEndPoint), Tls = ClientAddress.TlsNameOf(session.Protocol), Certificate = session.Client, AcceptsHttpcgTargets = acceptsHttpcg };
        var carried = new TlsClient(session, ended);
        if (address.IsHttp2)
        {
            engine.AcceptHttp2(carried, address, leaving);
        }
        else
        {
            engine.Accept(carried, address, leaving);
        }

        if (await ended.Task || !await session.SendCloseNotifyAsync(clock))
        {
            connection.Abort(new ConnectionAbortedException("the answer is incomplete"));
        }
    }

    public override void EndSending() => _ = _session.ShutDownAsync();
}
