using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.State;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Node.Ingress;

/// <summary>
/// Reads the PROXY protocol header of connections accepted by Kestrel, before TLS and everything else. From then on their peer is the client.
/// </summary>
internal sealed class ProxiedConnections(GatewayState state, GatewayMetrics metrics, TimeProvider clock)
{
    public void Over(ListenOptions listen) => listen.Use(next => connection =>
        ProxyGreeting.RuleFor(state.Configured?.Settings, ClientAddress.PeerOf(connection.RemoteEndPoint)) is var rule && rule == GreetingRule.None ? next(connection) : ServeAsync(connection, rule, next));

    private async Task ServeAsync(ConnectionContext connection, GreetingRule rule, ConnectionDelegate next)
    {
        switch (rule == GreetingRule.Refused ? false : await TryGreetAsync(connection, rule))
        {
            case true:
                await next(connection);
                break;
            case false:
                metrics.Limits.ConnectionRefused("proxy-protocol");
                connection.Abort(new ConnectionAbortedException("the connection does not begin with a valid PROXY protocol header"));
                break;
            default:
                break;
        }
    }

    /// <returns>Whether it may continue; null: it was opened, sent nothing, and is over.</returns>
    private async Task<bool?> TryGreetAsync(ConnectionContext connection, GreetingRule rule)
    {
        using var limit = new CancellationTokenSource(rule == GreetingRule.Required ? ProxyGreeting.HeaderTimeout : ProxyGreeting.SilenceTimeout, clock);
        var leaving = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        await using var late = limit.Token.UnsafeRegister(Interrupt, connection.Transport.Input);
        await using var gone = leaving.UnsafeRegister(Interrupt, connection.Transport.Input);
        var hasBegun = false;
        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync();
            var header = HeaderIn(read.Buffer, rule, out var source);
            if (!hasBegun && !read.Buffer.IsEmpty && rule == GreetingRule.Possible)
            {
                limit.CancelAfter(ProxyGreeting.HeaderTimeout); // From its first byte.
            }

            hasBegun |= !read.Buffer.IsEmpty;
            if (header.State is ProxyHeaderState.Complete or ProxyHeaderState.Absent)
            {
                connection.Transport.Input.AdvanceTo(read.Buffer.GetPosition(header.Length));
                connection.RemoteEndPoint = source ?? connection.RemoteEndPoint;
                return true;
            }

            connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (header.State == ProxyHeaderState.Faulty)
            {
                return false;
            }

            if (read.IsCompleted || read.IsCanceled)
            {
                // Port checks send nothing; neither do connections opened in advance and not used, or open when the drain begins.
                return !hasBegun && (read.IsCompleted || leaving.IsCancellationRequested || rule == GreetingRule.Possible) ? null : false;
            }
        }
    }

    private static void Interrupt(object? input) => ((PipeReader)input!).CancelPendingRead();

    private static ProxyHeader HeaderIn(ReadOnlySequence<byte> bytes, GreetingRule rule, out IPEndPoint? source)
    {
        var first = bytes.Slice(0, Math.Min(bytes.Length, ProxyProtocol.MaxHeaderLength));
        return ProxyGreeting.Read(first.IsSingleSegment ? first.FirstSpan : first.ToArray(), rule, out source);
    }
}
