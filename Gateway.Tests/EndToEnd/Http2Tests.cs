using System.Net;
using Gateway.Core.Connecting;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.EndToEnd;

/// <summary>HTTP/2, with clients and with backends, and gRPC through both.</summary>
public sealed class Http2Tests
{
    [Fact]
    public async Task A_grpc_call_passes_with_its_trailers()
    {
        await using var backend = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var gateway = await StartAsync([backend.Address], Http2);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, new(), "hello");

        Assert.Equal("hello", await call.ResponseAsync);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("/test.Echo/Echo", call.GetTrailers().GetValue("x-path"));
    }

    [Fact]
    public async Task A_grpc_stream_flows_both_ways_at_once()
    {
        await using var backend = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var gateway = await StartAsync([backend.Address], Http2);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());

        foreach (var message in (string[])["one", "two", "three"])
        {
            await call.RequestStream.WriteAsync(message);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(message, call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_grpc_client_that_waits_for_the_first_metadata_before_it_speaks_gets_it()
    {
        await using var backend = await KestrelBackend.StartAsync(
            async context =>
            {
                context.Response.Headers["x-session"] = "7";
                context.Response.ContentType = "application/grpc";
                await context.Response.Body.FlushAsync();
                await GrpcEcho.AnswerBodyAsync(context);
            },
            HttpProtocols.Http2);
        await using var gateway = await StartAsync([backend.Address], Http2);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());

        Assert.Equal("7", (await call.ResponseHeadersAsync.WaitAsync(RawBackend.WaitTimeout)).GetValue("x-session"));
        await call.RequestStream.WriteAsync("hello");
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("hello", call.ResponseStream.Current);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task A_grpc_call_that_is_cancelled_frees_its_stream_and_nobody_is_to_blame()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            await exchange.WaitForResetAsync();
        });
        await using var gateway = await StartAsync([backend.Address], Http2);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());
        await call.ResponseHeadersAsync.WaitAsync(RawBackend.WaitTimeout);
        await call.RequestStream.WriteAsync("hello");

        call.Dispose();

        await (await backend.WaitForRequestsAsync(1))[0].WaitForResetAsync().WaitAsync(RawBackend.WaitTimeout);
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task A_grpc_error_reaches_the_client_as_what_it_is()
    {
        await using var backend = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var gateway = await StartAsync([backend.Address], Http2);

        Assert.Equal(StatusCode.NotFound, await FailureAsync(gateway, GrpcEcho.Unknown));
    }

    [Fact]
    public async Task A_grpc_backend_that_is_gone_is_unavailable()
    {
        using var refused = RawBackend.RefusedAddress();
        await using var gateway = await StartAsync([refused.Address], Http2);

        Assert.Equal(StatusCode.Unavailable, await FailureAsync(gateway, "hello"));
    }

    [Fact]
    public async Task A_client_of_HTTP_2_gets_what_a_backend_of_HTTP_1_answers()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: X-Named\r\nX-Named: 1\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        });
        await using var gateway = await StartAsync([backend.Address]);
        using var client = new HttpClient { BaseAddress = gateway.Http2Address };
        using var request = Request(HttpMethod.Put, "/a?b=c", "body");
        request.Headers.Add("Cookie", "a=1");

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpVersion.Version20, HttpStatusCode.OK), (answer.Version, answer.StatusCode));
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["7"], answer.TrailingHeaders.GetValues("X-Sum"));
        Assert.False(answer.Headers.Contains("X-Named"));
        var seen = Assert.Single(backend.Requests);
        Assert.Equal(("PUT /a?b=c HTTP/1.1", "body", "a=1"), (seen.Head.StartLine, seen.BodyText, seen.Head.Value("Cookie")));
        Assert.Equal($"2.0 test", seen.Head.Value("Via"));
        Assert.Equal(gateway.Http2Address.Authority, seen.Head.Value("Host"));
    }

    [Fact]
    public async Task A_client_of_HTTP_1_gets_what_a_backend_of_HTTP_2_answers()
    {
        await using var backend = await KestrelBackend.StartAsync(
            async context =>
            {
                var length = (await new StreamReader(context.Request.Body).ReadToEndAsync()).Length;
                context.Response.Headers["X-Seen"] = $"{context.Request.Protocol} {context.Request.Method} {context.Request.Path} {length}";
                await context.Response.WriteAsync("ok");
            },
            HttpProtocols.Http2);
        await using var gateway = await StartAsync([backend.Address], Http2);

        using var answer = await gateway.Client.PostAsync(new Uri("/a", UriKind.Relative), new StringContent("hello"));

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal("HTTP/2 POST /a 5", Assert.Single(answer.Headers.GetValues("X-Seen")));
        Assert.Equal(200, (await gateway.AskAsync()).Status);
    }

    [Fact]
    public async Task A_client_that_gives_up_one_stream_keeps_the_others_of_its_connection()
    {
        var (left, let) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = RawBackend.Start(async exchange =>
        {
            if ((await exchange.ReadRequestAsync()).Target == "/left")
            {
                await exchange.HangAsync();
                left.SetResult();
            }
            else
            {
                await let.Task.WaitAsync(exchange.Stopping);
                await exchange.AnswerAsync(200, "stayed");
            }
        });
        await using var gateway = await StartAsync([backend.Address]);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = gateway.Http2Address };
        using var limit = new CancellationTokenSource();

        var staying = client.SendAsync(Request(HttpMethod.Get, "/stays"));
        await backend.WaitForRequestsAsync(1);
        var leaving = client.SendAsync(Request(HttpMethod.Get, "/left"), limit.Token);
        await backend.WaitForRequestsAsync(2);
        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await left.Task.WaitAsync(RawBackend.WaitTimeout);
        let.SetResult();
        using var answer = await staying;
        Assert.Equal("stayed", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(ProbeKind.Http)]
    [InlineData(ProbeKind.Tcp)]
    public async Task A_backend_that_speaks_HTTP_2_alone_passes_its_probes(ProbeKind kind)
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"), HttpProtocols.Http2);
        await using var gateway = await StartAsync(
            [backend.Address], pool => Http2(pool) with { Health = new() { Probe = new() { Kind = kind, Protocol = BackendProtocol.Http2 } } });

        await gateway.LoggedAsync("verdict Unknown -> Healthy: probe passed");
    }

    private static async Task<StatusCode> FailureAsync(TestGateway gateway, string message)
    {
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, new(), message);
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode;
    }

    private static HttpRequestMessage Request(HttpMethod method, string target, string? body = null) => new(method, target)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = body is null ? null : new StringContent(body),
    };

    private static PoolSettings Http2(PoolSettings pool) => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } };

    private static Task<TestGateway> StartAsync(IEnumerable<Uri> backends, Func<PoolSettings, PoolSettings>? pool = null) =>
        TestGateway.StartAsync(backends, pool, settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
}
