using System.Net;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.EndToEnd;

/// <summary>Streaming calls of all kinds, and their end when the replica shuts down.</summary>
public sealed class GrpcStreamTests
{
    [Fact]
    public async Task A_server_streams_to_one_message()
    {
        await using var backend = await KestrelBackend.StartAsync(
            async context =>
            {
                context.Response.ContentType = "application/grpc";
                var message = await GrpcEcho.ReadAsync(context.Request.Body);
                for (var i = 0; i < 3; i++)
                {
                    await context.Response.Body.WriteAsync(message);
                    await context.Response.Body.FlushAsync();
                }

                context.Response.AppendTrailer("grpc-status", "0");
            },
            HttpProtocols.Http2);
        await using var gateway = await StartAsync(backend.Address);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(GrpcEcho.Server, null, new(), "again");

        List<string> seen = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout))
        {
            seen.Add(call.ResponseStream.Current);
        }

        Assert.Equal(["again", "again", "again"], seen);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_client_streams_to_one_answer()
    {
        await using var backend = await KestrelBackend.StartAsync(
            async context =>
            {
                byte[]? last = null;
                while (await GrpcEcho.ReadAsync(context.Request.Body) is { } message)
                {
                    last = message;
                }

                context.Response.ContentType = "application/grpc";
                await context.Response.Body.WriteAsync(last);
                context.Response.AppendTrailer("grpc-status", "0");
            },
            HttpProtocols.Http2);
        await using var gateway = await StartAsync(backend.Address);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncClientStreamingCall(GrpcEcho.Client, null, new());

        foreach (var message in (string[])["one", "two", "last"])
        {
            await call.RequestStream.WriteAsync(message);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal("last", await call.ResponseAsync.WaitAsync(RawBackend.WaitTimeout));
    }

    /// <summary>A slow request that began later has ended: so would the call.</summary>
    [Fact]
    public async Task A_stream_with_pauses_before_the_head_of_its_answer_is_not_too_slow()
    {
        var let = new TaskCompletionSource();
        await using var backend = Http2Backend.Start(async exchange =>
        {
            if (exchange.Value("content-type") is null)
            {
                await exchange.WaitForResetAsync();
                return;
            }

            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteHeadAsync(200, end: true, ("content-type", "application/grpc"), ("grpc-status", "5"));
        });
        await using var gateway = await StartAsync(backend.Address, settings => settings with { Limits = new() { MinRequestBodyDataRate = 1000 } });
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());
        await call.RequestStream.WriteAsync("hello");
        await backend.WaitForRequestsAsync(1);
        await using var slow = await RawClient.ConnectAsync(gateway.Address);
        await slow.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
        Assert.Equal(408, (await slow.ReadAnswerAsync()).Status);

        let.SetResult();
        var end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout));

        Assert.Equal(StatusCode.NotFound, end.StatusCode);
    }

    [Fact]
    public async Task A_stream_on_which_neither_side_says_anything_ends_as_unavailable()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            await exchange.WaitForResetAsync();
        });
        await using var gateway = await StartAsync(backend.Address, pool: pool => pool with { Timeouts = new() { Idle = TimeSpan.FromMilliseconds(200) } });
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());

        var end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout));

        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_is_open_at_the_end_of_the_drain_ends_as_unavailable_and_is_reset_at_the_backend(bool hasHead)
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            if (hasHead)
            {
                await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            }

            await exchange.WaitForResetAsync();
        });
        await using var gateway = await StartAsync(
            backend.Address, settings => settings with { Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromMilliseconds(100) } });
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());
        await (hasHead ? (Task)call.ResponseHeadersAsync.WaitAsync(RawBackend.WaitTimeout) : backend.WaitForRequestsAsync(1));

        var stopping = gateway.StopAsync();
        var end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout));

        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        await (await backend.WaitForRequestsAsync(1))[0].WaitForResetAsync().WaitAsync(RawBackend.WaitTimeout);
        await stopping;
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task A_client_with_an_open_stream_gets_GOAWAY_when_the_drain_begins_to_close_and_its_stream_goes_on()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            await exchange.WaitForBodyAsync();
            await exchange.WriteTrailersAsync(("grpc-status", "0"));
        });
        await using var gateway = await StartAsync(backend.Address);
        await using var client = await RawHttp2Client.ConnectAsync(gateway.Http2Address);
        await OpenAsync(client);
        Assert.Equal(RawHttp2Client.Headers, (await client.ReadAnswerFrameAsync()).Type);

        var stopping = gateway.StopAsync();
        Assert.Equal(RawHttp2Client.GoAway, (await client.ReadAnswerFrameAsync()).Type);
        Assert.False(stopping.IsCompleted);
        await client.DataAsync("\0\0\0\0\0", end: true);

        Assert.Equal("", await client.ReadToEndAsync());
        await stopping;
    }

    [Fact]
    public async Task An_answer_during_the_delay_of_the_drain_brings_a_GOAWAY_with_it()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync(backend.Address, settings => settings with { Drain = new() { Delay = TimeSpan.FromHours(1) } });
        await using var client = await RawHttp2Client.ConnectAsync(gateway.Http2Address);
        using var hurry = new CancellationTokenSource();

        var stopping = gateway.StopAsync(hurry.Token);
        await gateway.LoggedAsync("draining: /ready fails");
        try
        {
            await OpenAsync(client);
            await client.DataAsync("\0\0\0\0\0", end: true);
            while ((await client.ReadAnswerFrameAsync()).Type != RawHttp2Client.GoAway)
            {
                // Before or after the answer.
            }
        }
        finally
        {
            await hurry.CancelAsync();
            await stopping;
        }
    }

    private static Task OpenAsync(RawHttp2Client client) => client.HeadersAsync(
        false, (":method", "POST"), (":scheme", "http"), (":path", "/test.Echo/Echo"), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers"));

    private static Task<TestGateway> StartAsync(
        Uri backend, Func<GatewaySettings, GatewaySettings>? settings = null, Func<PoolSettings, PoolSettings>? pool = null) => TestGateway.StartAsync(
        [backend], own => (pool?.Invoke(own) ?? own) with { Connections = own.Connections with { Protocol = BackendProtocol.Http2 } },
        own => (settings?.Invoke(own) ?? own) with { Http2Address = new(IPAddress.Loopback, 0) });
}
