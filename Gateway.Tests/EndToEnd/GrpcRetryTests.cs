using System.Net;
using Gateway.Core.Connecting;
using Gateway.Core.Outcomes;
using Gateway.Core.Retrying;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Calls that a backend ends with only a status: which are retried elsewhere, and how they count for the backend.</summary>
public sealed class GrpcRetryTests
{
    private static readonly RetryPolicy OnUnavailable = RetryPolicy.Default with { GrpcStatuses = [GrpcStatus.Unavailable] };

    [Fact]
    public async Task A_status_that_the_pool_names_is_tried_again_with_all_of_the_body()
    {
        await using var backend = Http2Backend.Start(Http2Backend.InTurn(Unavailable, AnswerAsync));
        await using var other = Http2Backend.Start(AnswerAsync);
        await using var gateway = await StartAsync(OnUnavailable, backend.Address, other.Address);

        Assert.Equal(("0", "0"), (await StatusAsync(gateway), await StatusAsync(gateway)));

        Assert.All([.. backend.Requests, .. other.Requests], seen => Assert.Equal("\0\0\0\0\u0005hello", seen.Body));
        Assert.Equal(3, backend.Requests.Count + other.Requests.Count);
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total"));
    }

    [Fact]
    public async Task Other_statuses_and_pools_without_any_pass_them_on()
    {
        await using var backend = Http2Backend.Start(Unavailable);
        await using var other = Http2Backend.Start(Unavailable);
        await using var gateway = await StartAsync(RetryPolicy.Default, backend.Address, other.Address);

        Assert.Equal("14", await StatusAsync(gateway));
        await gateway.ReconfigurePoolAsync(pool => pool with { Retry = OnUnavailable with { GrpcStatuses = [GrpcStatus.Aborted] } });
        Assert.Equal("14", await StatusAsync(gateway));

        Assert.Equal(2, backend.Requests.Count + other.Requests.Count);
    }

    [Fact]
    public async Task Of_a_status_behind_messages_nothing_is_tried_again()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WaitForEndAsync();
            await exchange.WriteHeadAsync(200, more: ("content-type", "application/grpc"));
            await exchange.WriteDataAsync("\0\0\0\0\u0002hi");
            await exchange.WriteTrailersAsync(("grpc-status", "14"));
        });
        await using var other = Http2Backend.Start(AnswerAsync);
        await using var gateway = await StartAsync(OnUnavailable, backend.Address, other.Address);

        Assert.Equal(["0", "14"], new[] { await StatusAsync(gateway) ?? "", await StatusAsync(gateway) ?? "" }.Order());
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "status")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_retries_total"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_status_in_a_head_with_messages_behind_nothing_is_tried_again_and_they_pass(bool isKnownLength)
    {
        (string, string)[] head = [("content-type", "application/grpc"), ("grpc-status", "14"), .. isKnownLength ? [("content-length", "7")] : Array.Empty<(string, string)>()];
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WaitForEndAsync();
            await exchange.WriteHeadAsync(200, more: head);
            await exchange.WriteDataAsync("\0\0\0\0\u0002hi", end: true);
        });
        await using var gateway = await StartAsync(OnUnavailable, backend.Address);
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call();

        using var answer = await client.SendAsync(request);

        Assert.Equal("\0\0\0\0\u0002hi", await answer.Content.ReadAsStringAsync());
        Assert.Equal(isKnownLength, answer.Content.Headers.NonValidated.Contains("Content-Length"));
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task The_budget_bounds_them()
    {
        await using var backend = Http2Backend.Start(Unavailable);
        await using var other = Http2Backend.Start(Unavailable);
        await using var gateway = await StartAsync(OnUnavailable with { BudgetPercent = 0, BudgetMinimum = 0 }, backend.Address, other.Address);

        Assert.Equal("14", await StatusAsync(gateway));

        Assert.Equal(1, backend.Requests.Count + other.Requests.Count);
    }

    [Fact]
    public async Task Unavailable_trips_the_breaker_as_a_503_does()
    {
        await using var backend = Http2Backend.Start(Unavailable);
        await using var gateway = await StartAsync(RetryPolicy.Default, backend.Address);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("14", await StatusAsync(gateway));
        }

        await gateway.LoggedAsync("breaker Closed -> Open (epoch 1): consecutive failures, the last: Status 200");
    }

    private static Task Unavailable(Http2Exchange exchange) => EndAsync(exchange, "14");

    private static Task AnswerAsync(Http2Exchange exchange) => EndAsync(exchange, "0");

    private static async Task EndAsync(Http2Exchange exchange, string status)
    {
        await exchange.WaitForEndAsync();
        await exchange.WriteHeadAsync(200, end: true, ("content-type", "application/grpc"), ("grpc-status", status));
    }

    private static async Task<string?> StatusAsync(TestGateway gateway)
    {
        using var client = GrpcRequests.Client(gateway);
        using var request = GrpcRequests.Call();
        using var answer = await client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        return GrpcRequests.StatusIn(answer.Headers) ?? GrpcRequests.StatusIn(answer.TrailingHeaders);
    }

    private static Task<TestGateway> StartAsync(RetryPolicy retry, params Uri[] backends) => TestGateway.StartAsync(
        backends, pool => pool with { Retry = retry, Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } },
        settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
}
