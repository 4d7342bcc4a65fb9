using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>A backend that echoes every WebSocket message, and its client's side.</summary>
internal static class EchoBackend
{
    public static Task<KestrelBackend> StartAsync() => KestrelBackend.StartAsync(AnswerAsync, middleware: app => app.UseWebSockets());

    public static async Task AnswerAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var bytes = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(bytes, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(part.CloseStatus ?? WebSocketCloseStatus.NormalClosure, part.CloseStatusDescription, CancellationToken.None);
                return;
            }

            await socket.SendAsync(bytes.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, CancellationToken.None);
        }
    }

    /// <param name="protocol">The subprotocol requested; null: none.</param>
    public static async Task<ClientWebSocket> ConnectAsync(TestGateway gateway, HttpMessageInvoker client, Version version, string? protocol = null)
    {
        var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
        if (protocol is not null)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        var address = version == HttpVersion.Version20 ? gateway.Http2Address : gateway.Address;
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/chat", Query = "a=b" }.Uri, client, CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);
        return socket;
    }

    /// <summary>Receives one message.</summary>
    public static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var (text, bytes) = (new StringBuilder(), new byte[4096]);
        while (true)
        {
            var part = await socket.ReceiveAsync(bytes, CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);
            text.Append(Encoding.UTF8.GetString(bytes, 0, part.Count));
            if (part.EndOfMessage)
            {
                return text.ToString();
            }
        }
    }
}
