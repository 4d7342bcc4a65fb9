using System.Net;
using Gateway.Core.Connecting;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>A call's deadline: the remaining time is sent to the backend, and at its end the gateway answers.</summary>
public sealed class GrpcDeadlineTests
{
    [Theory]
    [InlineData("30S", 30_000)]
    [InlineData("99999999H", 99_999_999)]
    [InlineData("1M", 60_000)]
    public async Task The_remaining_time_reaches_the_backend(string given, int most)
    {
        await using var backend = Http2Backend.Start(AnswerAsync);
        await using var gateway = await StartAsync(backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call(timeout: given);

        using var answer = await client.SendAsync(request);

        Assert.Equal("0", GrpcRequests.StatusIn(answer.TrailingHeaders));
        var seen = backend.Requests[0].Value("grpc-timeout")!;
        Assert.Equal(9, seen.Length);
        Assert.InRange(int.Parse(seen[..8], System.Globalization.CultureInfo.InvariantCulture), 1, most);
        Assert.Equal(given.EndsWith('H') ? 'S' : 'm', seen[8]);
    }

    [Fact]
    public async Task Each_attempt_gets_it_anew()
    {
        await using var backend = Http2Backend.Start(Http2Backend.InTurn(exchange => exchange.ResetAsync(Http2Exchange.RefusedStream), AnswerAsync));
        await using var gateway = await StartAsync(backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call(timeout: "20S");

        using var answer = await client.SendAsync(request);

        Assert.Equal("0", GrpcRequests.StatusIn(answer.TrailingHeaders));
        Assert.All(backend.Requests, seen => Assert.InRange(string.CompareOrdinal(seen.Value("grpc-timeout"), "00020000m"), int.MinValue, 0));
        Assert.Equal(2, backend.Requests.Count);
    }

    [Fact]
    public async Task Without_one_none_is_made_up()
    {
        await using var backend = Http2Backend.Start(AnswerAsync);
        await using var gateway = await StartAsync(backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call();

        using var answer = await client.SendAsync(request);

        Assert.Null(backend.Requests[0].Value("grpc-timeout"));
    }

    [Theory]
    [InlineData("50m")]
    [InlineData("0S")]
    [InlineData("1n")]
    public async Task A_backend_that_does_not_answer_in_time_exceeds_it_and_the_impatient_blame_nobody(string timeout)
    {
        await using var backend = Http2Backend.Start(exchange => exchange.WaitForResetAsync());
        await using var gateway = await StartAsync(backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call(timeout: timeout);

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "4"), (answer.StatusCode, GrpcRequests.StatusIn(answer.Headers)));
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "504")));
    }

    [Fact]
    public async Task A_stream_that_goes_on_beyond_it_ends_with_it()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            await exchange.WriteDataAsync("\0\0\0\0\u0002hi");
            await exchange.WaitForResetAsync();
        });
        await using var gateway = await StartAsync(backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call(timeout: "3S");

        using var answer = await client.SendAsync(request);

        Assert.Equal("\0\0\0\0\u0002hi", await answer.Content.ReadAsStringAsync());
        Assert.Equal("4", GrpcRequests.StatusIn(answer.TrailingHeaders));
        await (await backend.WaitForRequestsAsync(1))[0].WaitForResetAsync();
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_reset_at_it()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true)
            {
                await exchange.WriteAsync("8000\r\n" + new string('x', 0x8000) + "\r\n");
            }
        });
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nConnection: TE\r\nContent-Type: application/grpc\r\nGrpc-Timeout: 3S\r\nContent-Length: 0\r\n\r\n");
        await client.ReadHeadAsync();

        await Eventually.IsAsync(() => gateway.Pool.Endpoints[0].Cell.InFlight == 0);

        await client.ReadToEndAsync();
        Assert.Equal(RawEnd.Reset, client.End);
    }

    [Theory]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    public async Task One_that_is_malformed_is_the_clients_fault(string timeout)
    {
        await using var backend = Http2Backend.Start(AnswerAsync);
        await using var gateway = await StartAsync(backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call(timeout: timeout);

        using var answer = await client.SendAsync(request);

        Assert.Equal("13", GrpcRequests.StatusIn(answer.Headers));
        Assert.Empty(backend.Requests);
    }

    private static async Task AnswerAsync(Http2Exchange exchange)
    {
        await exchange.WaitForEndAsync();
        await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
        await exchange.WriteTrailersAsync(("grpc-status", "0"));
    }

    private static Task<TestGateway> StartAsync(Uri backend) => TestGateway.StartAsync(
        [backend], pool => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } },
        settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
}
