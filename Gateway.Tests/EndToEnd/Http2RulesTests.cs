using Gateway.Core.Balancing;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Rules that hold for backends of any protocol, over HTTP/2.</summary>
public sealed class Http2RulesTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_field_that_a_Connection_field_of_the_answer_names_is_not_passed_on()
    {
        await using var backend = Http2Backend.Start(Answering(("connection", "close, x-hop"), ("x-hop", "1"), ("x-end", "2")));
        await using var gateway = await StartAsync([backend]);

        var answer = await RawClient.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((200, null, "2"), (answer.Status, answer.Head.Value("X-Hop"), answer.Head.Value("X-End")));
    }

    [Fact]
    public async Task A_Connection_field_with_more_members_than_anybody_needs_is_the_backends_failure()
    {
        await using var backend = Http2Backend.Start(Answering(("connection", new string(',', 100))));
        await using var gateway = await StartAsync([backend]);

        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(502, "http_protocol_error");

        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "malformed")));
    }

    [Fact]
    public async Task A_client_slow_to_send_gets_408_and_the_backend_is_not_blamed()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync([backend], pool => pool with { Timeouts = new() { Request = 15 * Short, Try = Short } });
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            Assert.Equal(408, (await client.ReadAnswerAsync()).Status);
        }

        await AssertBlamelessAsync(gateway);
    }

    [Fact]
    public async Task A_client_that_stops_sending_behind_an_early_head_is_not_the_backends_failure()
    {
        await using var backend = Http2Backend.Start(async exchange =>
        {
            await exchange.WriteHeadAsync(200);
            await exchange.WaitForEndAsync();
        });
        await using var gateway = await StartAsync([backend], pool => pool with { Timeouts = new() { Idle = Short } });
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            await client.ReadHeadAsync();
            await client.ReadToEndAsync();
        }

        await AssertBlamelessAsync(gateway);
    }

    [Fact]
    public async Task A_request_that_was_begun_under_old_connection_settings_does_not_bring_them_back()
    {
        var let = new TaskCompletionSource();
        await using var first = Http2Backend.Start(async exchange =>
        {
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteHeadAsync(503, end: true);
        });
        await using var second = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await StartAsync([first, second], pool => pool with { Strategy = Strategy.RoundRobin });
        var held = gateway.AskAsync();
        await first.WaitForRequestsAsync(1);
        await gateway.ReconfigurePoolAsync(pool => pool with { Connections = pool.Connections with { PingInterval = TimeSpan.FromSeconds(7) } });
        (await gateway.AskAsync()).AssertPassedOn(200, "ok");

        let.SetResult();
        (await held).AssertPassedOn(200, "ok"); // From the second backend, whose connection has the new settings.

        Assert.Equal([0, 0], second.Requests.Select(seen => seen.Connection));
    }

    private static Func<Http2Exchange, Task> Answering(params (string Name, string Value)[] fields) => async exchange =>
    {
        await exchange.WriteHeadAsync(200, more: fields);
        await exchange.WriteDataAsync("ok", end: true);
    };

    private static Task<TestGateway> StartAsync(IEnumerable<Http2Backend> backends, Func<PoolSettings, PoolSettings>? more = null) => TestGateway.StartAsync(
        backends.Select(backend => backend.Address),
        pool => (more ?? (same => same))(pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } }));

    private static async Task AssertBlamelessAsync(TestGateway gateway)
    {
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(0, gateway.Pool.Endpoints[0].Cell.Failures);
    }
}
