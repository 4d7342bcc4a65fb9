using System.Net;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Tests.EndToEnd;

/// <summary>The gateway's own answers to gRPC calls: statuses instead of problem documents, even after an answer has begun.</summary>
public sealed class GrpcAnswerTests
{
    private const byte EndStream = 1;

    [Fact]
    public async Task A_pool_without_endpoints_is_unavailable_and_says_why()
    {
        await using var gateway = await StartAsync([]);

        var status = await StatusAsync(gateway);

        Assert.Equal((StatusCode.Unavailable, "no backend is available"), (status.StatusCode, status.Detail));
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "503")));
    }

    [Fact]
    public async Task A_method_that_no_route_takes_is_unimplemented()
    {
        await using var gateway = await TestGateway.StartAsync(
            [], settings: own => Http2(own) with { Routes = [new RouteSettings { Name = "a", PathPrefix = "/elsewhere", Pool = PoolSettings.DefaultName }] });

        Assert.Equal(StatusCode.Unimplemented, (await StatusAsync(gateway)).StatusCode);
    }

    [Fact]
    public async Task An_answer_of_the_gateways_own_is_its_head_alone()
    {
        await using var gateway = await StartAsync([]);
        await using var client = await RawHttp2Client.ConnectAsync(gateway.Http2Address);
        await client.HeadersAsync(
            true, (":method", "POST"), (":scheme", "http"), (":path", "/test.Echo/Echo"), (":authority", "x"), ("content-type", "application/grpc+proto"), ("te", "trailers"));

        var frame = await client.ReadAnswerFrameAsync();

        Assert.Equal((RawHttp2Client.Headers, EndStream), (frame.Type, (byte)(frame.Flags & EndStream)));
    }

    [Theory]
    [InlineData("application/grpc-web")]
    [InlineData("application/json")]
    public async Task Other_requests_get_a_problem_document(string type)
    {
        await using var gateway = await StartAsync([]);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call();
        request.Content!.Headers.ContentType = new(type);

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_call_over_HTTP_1_gets_a_status_too()
    {
        await using var gateway = await StartAsync([]);

        var answer = await RawClient.AskAsync(gateway.Address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((200, "14", "application/grpc"), (answer.Status, answer.Head.Value("Grpc-Status"), answer.Head.Value("Content-Type")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_whose_backend_dies_ends_as_unavailable(bool drops)
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            await exchange.WriteDataAsync("\0\0\0\0\u0002hi");
            await exchange.WaitForBodyAsync();
            if (drops)
            {
                exchange.Drop();
            }
            else
            {
                await exchange.ResetAsync(Http2Exchange.InternalError);
            }
        });
        await using var gateway = await StartAsync([backend.Address]);
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, new());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("hi", call.ResponseStream.Current);

        await call.RequestStream.WriteAsync("die");
        var end = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawBackend.WaitTimeout));

        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    [Fact]
    public async Task A_stream_of_which_a_part_of_a_chunk_is_missing_is_reset()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n\0\0\0\0\u0004");
            exchange.Close();
        });
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: Http2);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request));
    }

    private static async Task<Status> StatusAsync(TestGateway gateway)
    {
        using var channel = GrpcChannel.ForAddress(gateway.Http2Address);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(GrpcEcho.Unary, null, new(), "hello");
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).Status;
    }

    private static GatewaySettings Http2(GatewaySettings settings) => settings with { Http2Address = new(IPAddress.Loopback, 0) };

    private static Task<TestGateway> StartAsync(IEnumerable<Uri> backends) =>
        TestGateway.StartAsync(backends, pool => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } }, Http2);
}
