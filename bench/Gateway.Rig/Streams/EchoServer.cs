using System.CommandLine;
using System.Net;
using System.Net.WebSockets;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Rig.Streams;

/// <summary><c>rig echo</c>: a backend that echoes WebSockets on one port and gRPC messages on the next.</summary>
internal static class EchoServer
{
    private const int Room = 16 * 1024;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "port for WebSockets; the next one is for gRPC", Required = true };
        var command = new Command("echo", "A backend that echoes what it receives.") { port };
        command.SetAction(async (parsed, cancellation) =>
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
            {
                options.Limits.MinRequestBodyDataRate = null;
                options.Limits.MinResponseDataRate = null;
                options.Limits.Http2.MaxStreamsPerConnection = 10_000;
                options.Listen(IPAddress.Loopback, parsed.GetValue(port), listen => listen.Protocols = HttpProtocols.Http1);
                options.Listen(IPAddress.Loopback, parsed.GetValue(port) + 1, listen => listen.Protocols = HttpProtocols.Http2);
            });
            await using var server = builder.Build();
            server.UseWebSockets();
            server.Run(AnswerAsync);
            await server.StartAsync(cancellation);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        });
        return command;
    }

    private static Task AnswerAsync(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest ? EchoAsync(context.WebSockets)
        : context.Request.ContentType == "application/grpc" ? EchoAsync(context.Request, context.Response)
        : context.Response.WriteAsync("ok");

    private static async Task EchoAsync(WebSocketManager sockets)
    {
        using var socket = await sockets.AcceptWebSocketAsync();
        var bytes = new byte[Room];
        try
        {
            while (await socket.ReceiveAsync(bytes, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } part)
            {
                await socket.SendAsync(bytes.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, CancellationToken.None);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The client has left.
        }
    }

    private static async Task EchoAsync(HttpRequest request, HttpResponse response)
    {
        response.ContentType = "application/grpc";
        await response.StartAsync();
        var bytes = new byte[Room];
        while (await request.Body.ReadAsync(bytes) is > 0 and var read)
        {
            await response.Body.WriteAsync(bytes.AsMemory(0, read));
            await response.Body.FlushAsync();
        }

        response.AppendTrailer("grpc-status", ((int)StatusCode.OK).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
