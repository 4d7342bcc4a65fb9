using System.Collections.Immutable;
using System.Net;
using System.Net.WebSockets;
using Gateway.Core.Connecting;
using Gateway.Core.Endpoints;
using Gateway.Tests.EndToEnd.Backends;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.EndToEnd;

/// <summary>Streams that stay open during reloads and changes of endpoints: none is cut, and each keeps its backend.</summary>
public sealed class StreamChaosTests
{
    private const int Streams = 100;
    private const int Rounds = 20;

    [Fact]
    public async Task Grpc_streams_survive_reloads_and_changes_of_endpoints()
    {
        await using var first = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var second = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var third = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync(
            [first.Address, second.Address], pool => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } },
            settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        var calls = Enumerable.Range(0, Streams).Select(_ => channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new())).ToList();

        for (var round = 0; round < Rounds; round++)
        {
            await ReloadAsync(gateway, round, first.Address, second.Address, third.Address);
            await Task.WhenAll(calls.Select(call => EchoAsync(call, $"{round}")));
        }

        await Task.WhenAll(calls.Select(async call =>
        {
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout));
            Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
            call.Dispose();
        }));
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Websockets_survive_them_too(string version)
    {
        await using var first = await EchoBackend.StartAsync();
        await using var second = await EchoBackend.StartAsync();
        await using var third = await EchoBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            [first.Address, second.Address], settings: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        var sockets = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => EchoBackend.ConnectAsync(gateway, client, Version.Parse(version))));

        for (var round = 0; round < Rounds; round++)
        {
            await ReloadAsync(gateway, round, first.Address, second.Address, third.Address);
            await Task.WhenAll(sockets.Select(async socket =>
            {
                await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes($"{round}"), WebSocketMessageType.Text, true, CancellationToken.None);
                Assert.Equal($"{round}", await EchoBackend.ReceiveAsync(socket));
            }));
        }

        await Task.WhenAll(sockets.Select(async socket =>
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);
            Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
            socket.Dispose();
        }));
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    /// <summary>Applies different timeouts and connection settings each time, with one of three endpoints removed in turn.</summary>
    private static Task ReloadAsync(TestGateway gateway, int round, params Uri[] backends)
    {
        ImmutableArray<EndpointSettings> endpoints =
            [.. backends.Where((_, i) => i != round % backends.Length).Select(backend => new EndpointSettings(TestEndpoints.Address(backend.GetLeftPart(UriPartial.Authority))))];
        return gateway.ReconfigurePoolAsync(pool => pool with
        {
            Endpoints = endpoints,
            Timeouts = pool.Timeouts with { Idle = TimeSpan.FromMinutes(1 + round) },
            Connections = pool.Connections with { Max = 500 + round },
        });
    }

    private static async Task EchoAsync(AsyncDuplexStreamingCall<string, string> call, string text)
    {
        await call.RequestStream.WriteAsync(text);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout));
        Assert.Equal(text, call.ResponseStream.Current);
    }
}
