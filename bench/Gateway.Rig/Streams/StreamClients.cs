using System.Net.WebSockets;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Rig.Streams;

/// <summary>Streams that each send a message at intervals and wait for its echo.</summary>
/// <param name="pause">The interval of messages on a stream.</param>
internal sealed class StreamClients(Uri plain, Uri http2, TimeSpan pause, StreamTally tally, CancellationToken end)
{
    private const int StreamsPerConnection = 90;

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(20);

    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    private static readonly Method<string, string> Echo = new(MethodType.DuplexStreaming, "test.Echo", "Echo", Text, Text);

    /// <summary>Runs bidirectional gRPC streams, many per connection.</summary>
    public async Task CallAsync(int count)
    {
        var channels = Enumerable.Range(0, (count + StreamsPerConnection - 1) / StreamsPerConnection).Select(_ => GrpcChannel.ForAddress(http2)).ToList();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i => RunAsync(() => CallAsync(channels[i / StreamsPerConnection]))));
        channels.ForEach(channel => channel.Dispose());
    }

    /// <param name="version">The HTTP version: 1.1, with a connection per stream, or 2.0.</param>
    public async Task SocketAsync(int count, Version version)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RunAsync(() => SocketAsync(client, version))));
    }

    private async Task RunAsync(Func<Task> stream)
    {
        try
        {
            await stream();
        }
        catch (RpcException error)
        {
            tally.WasCut($"{error.StatusCode}");
        }
        catch (Exception error) when (error is WebSocketException or IOException or HttpRequestException or TimeoutException)
        {
            tally.WasCut(error.GetType().Name);
        }
    }

    private async Task CallAsync(GrpcChannel channel)
    {
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Echo, null, new());
        await CarryAsync(
            text => SendAsync(call, text),
            async () => await call.ResponseStream.MoveNext(CancellationToken.None) ? call.ResponseStream.Current : throw new IOException("ended"));
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            // Nothing more will come.
        }
    }

    /// <summary>
    /// Sends a message. If the call has ended, throws the status from the other side: .NET's client reports Cancelled for a write whose call ended with unread
    /// trailers.
    /// </summary>
    private static async Task SendAsync(AsyncDuplexStreamingCall<string, string> call, string text)
    {
        try
        {
            await call.RequestStream.WriteAsync(text);
        }
        catch (RpcException)
        {
            await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(ReplyTimeout);
            throw;
        }
    }

    private async Task SocketAsync(HttpMessageInvoker client, Version version)
    {
        using var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
        await socket.ConnectAsync(new UriBuilder(version.Major == 2 ? http2 : plain) { Scheme = "ws" }.Uri, client, CancellationToken.None);
        var bytes = new byte[1024];
        await CarryAsync(
            text => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None),
            async () => await socket.ReceiveAsync(bytes, CancellationToken.None) is { MessageType: WebSocketMessageType.Text, Count: var count }
                ? Encoding.UTF8.GetString(bytes, 0, count)
                : throw new IOException("closed"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
    }

    /// <summary>Sends and receives until the end.</summary>
    private async Task CarryAsync(Func<string, Task> send, Func<Task<string>> receive)
    {
        var isOpen = false;
        try
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                await send($"{i}");
                if (await receive().WaitAsync(ReplyTimeout) != $"{i}")
                {
                    throw new IOException("another message came back");
                }

                if (!isOpen)
                {
                    tally.Opened();
                    isOpen = true;
                }

                tally.Echoed();
                await Task.Delay(pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            if (isOpen)
            {
                tally.Closed();
            }
        }
    }
}
