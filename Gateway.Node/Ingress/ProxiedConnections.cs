using System.Buffers;
using System.Net;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Ingress;

/// <summary>Reads the header of the PROXY protocol off connections that Kestrel accepts, before TLS and all else. From then on their peer is the client.</summary>
internal sealed class ProxiedConnections(GatewayState state, GatewayMetrics metrics, TimeProvider clock)
{
    public void Over(ListenOptions listen) => listen.Use(next => connection =>
        ProxyGreeting.RuleFor(state.Configured?.Settings, PeerOf(connection)) is var rule && rule == GreetingRule.None ? next(connection) : ServeAsync(connection, rule, next));

    private static IPAddress PeerOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;

    private async Task ServeAsync(ConnectionContext connection, GreetingRule rule, ConnectionDelegate next)
    {
        if (rule != GreetingRule.Refused && await TryGreetAsync(connection, rule))
        {
            await next(connection);
            return;
        }

        metrics.Limits.ConnectionRefused("proxy-protocol");
        connection.Abort(new ConnectionAbortedException("the connection begins with no valid header of the PROXY protocol"));
    }

    private async Task<bool> TryGreetAsync(ConnectionContext connection, GreetingRule rule)
    {
        using var limit = new CancellationTokenSource(ProxyGreeting.Longest, clock);
        await using var late = limit.Token.UnsafeRegister(static input => ((System.IO.Pipelines.PipeReader)input!).CancelPendingRead(), connection.Transport.Input);
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync();
            var header = HeaderIn(read.Buffer, rule, out var source);
            if (header.State is ProxyHeaderState.Complete or ProxyHeaderState.Absent)
            {
                connection.Transport.Input.AdvanceTo(read.Buffer.GetPosition(header.Length));
                connection.RemoteEndPoint = source ?? connection.RemoteEndPoint;
                return true;
            }

            connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (header.State == ProxyHeaderState.Faulty || read.IsCompleted || read.IsCanceled)
            {
                return false;
            }
        }
    }

    private static ProxyHeader HeaderIn(ReadOnlySequence<byte> bytes, GreetingRule rule, out IPEndPoint? source)
    {
        var first = bytes.Slice(0, Math.Min(bytes.Length, ProxyProtocol.MostBytes));
        return ProxyGreeting.Read(first.IsSingleSegment ? first.FirstSpan : first.ToArray(), rule, out source);
    }
}
