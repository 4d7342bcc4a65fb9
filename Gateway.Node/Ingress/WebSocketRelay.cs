using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Gateway.Node.Engine;
using Gateway.Node.State;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// Carries a WebSocket over an HTTP/2 stream (RFC 8441) to the engine as an HTTP/1.1 one: requests it with a key of its own, checks the backend's answer, and
/// passes bytes both ways until a side ends.
/// </summary>
internal sealed class WebSocketRelay(RequestText text, AnswerRelay answer)
{
    private const int KeyLength = 16;

    /// <summary>CANCEL: the equivalent of a reset of the connection (RFC 8441 5).</summary>
    private const int Cancel = 8;

    /// <summary>RFC 6455 1.3.</summary>
    private const string Suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public async Task ServeAsync(IHttpExtendedConnectFeature connect, HttpContext context, GatewayState state)
    {
        var conversation = context.Features.GetRequiredFeature<Conversations>().Take(context.Request);
        var isWhole = false;
        try
        {
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
            text.WriteUpgrade(context.Request, key);
            conversation.Output.Write(text.Written);
            await conversation.Output.FlushAsync();
            await using var left = context.RequestAborted.UnsafeRegister(static left => ((Conversation)left!).Interrupt(), conversation);
            switch (await answer.RunAsync(conversation.Input, context, closes: false, continued: null, AcceptOf(key)))
            {
                case AnswerEnd.Switched:
                    isWhole = await TunnelAsync(connect, conversation, context);
                    break;
                case AnswerEnd.Broken when !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested:
                    context.Response.Clear();
                    await RequestRelay.RefuseAsync(context, NoWebSocket, state);
                    break;
                case AnswerEnd.Broken or AnswerEnd.ClientGone:
                    context.Abort();
                    break;
                default:
                    break;
            }
        }
        finally
        {
            conversation.End(isWhole);
        }
    }

    private static Problem NoWebSocket => new(StatusCodes.Status502BadGateway, "http_protocol_error", "the backend's answer is not valid for a WebSocket handshake");

    private static string AcceptOf(string key)
    {
#pragma warning disable CA5350 // Required by the protocol; not used for security.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Suffix)));
#pragma warning restore CA5350
    }

    /// <summary>Runs the tunnel. Returns whether the backend ended it cleanly.</summary>
    private static async Task<bool> TunnelAsync(IHttpExtendedConnectFeature connect, Conversation conversation, HttpContext context)
    {
        await using var stream = await connect.AcceptAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var toBackend = ToBackendAsync(stream, conversation, over.Token);
        var isWhole = await ToClientAsync(conversation.Input, stream, over.Token);
        await over.CancelAsync();
        await toBackend;
        if (!isWhole)
        {
            context.Features.Get<IHttpResetFeature>()?.Reset(Cancel);
        }

        return isWhole;
    }

    /// <summary>Passes the client's data, to its end or until the tunnel is over.</summary>
    private static async Task ToBackendAsync(Stream from, Conversation conversation, CancellationToken over)
    {
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(conversation.Output.GetMemory(), over);
                if (read == 0)
                {
                    conversation.Output.Complete(); // The client sends no more; the backend may.
                    return;
                }

                conversation.Output.Advance(read);
                if (await conversation.Output.FlushAsync(over) is { IsCompleted: true })
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            if (!over.IsCancellationRequested || error is not OperationCanceledException)
            {
                conversation.Interrupt(); // The client has left.
            }
        }
    }

    /// <summary>Passes the backend's data. Returns whether it ended cleanly.</summary>
    private static async Task<bool> ToClientAsync(PipeReader from, Stream to, CancellationToken over)
    {
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(over);
                foreach (var stretch in read.Buffer)
                {
                    await to.WriteAsync(stretch, over);
                }

                await to.FlushAsync(over);
                from.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    return read.IsCompleted;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            return false;
        }
    }
}
