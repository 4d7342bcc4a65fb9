using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// .NET's HTTP client silently resends a request without content when a kept-alive connection closes unanswered. The gateway must never do that: every retry
/// follows its rules, and is counted.
/// </summary>
public sealed class HiddenResendTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("POST")]
    [InlineData("POST", "Content-Length: 0\r\n")]
    [InlineData("POST", "Content-Length: 5\r\n", "hello")]
    [InlineData("POST", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("POST", "Expect: 100-continue\r\nContent-Length: 5\r\n", "hello")]
    public async Task A_request_on_a_connection_given_up_is_sent_once(string method, string fields = "", string body = "")
    {
        await using var backend = RawBackend.Start(RawScripts.StaleKeepAlive());
        await using var gateway = await TestGateway.StartAsync([backend.Address], pool => pool with { Retry = new() { Attempts = 0 } });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(Get);
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);

        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: x\r\n{fields}\r\n{body}");
        var answer = await client.ReadAnswerAsync();

        Assert.Equal((502, "\"test\"; error=connection_terminated"), (answer.Status, answer.Head.Value("Proxy-Status")));
        Assert.Equal([("GET", 0), (method, 1)], backend.Requests.Select(seen => (seen.Method, seen.NumberOnConnection)));
        Assert.Equal(body.Length > 0 ? "hello" : "", backend.Requests[1].BodyText);
        Assert.Equal(2, await gateway.MetricAsync("gateway_backend_requests_total"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_repeatable_request_gets_one_more_try_on_a_new_connection_even_without_retries(string method)
    {
        await using var backend = RawBackend.Start(RawScripts.StaleKeepAlive());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Retry = new() { Attempts = 0 } });

        Assert.Equal(200, (await gateway.AskAsync()).Status);
        Assert.Equal(200, (await gateway.AskAsync(method)).Status);

        Assert.Equal([(0, 0), (0, 1), (1, 0)], backend.Requests.Select(seen => (seen.Connection, seen.NumberOnConnection)));
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "failover")));
        Assert.Equal(3, await gateway.MetricAsync("gateway_backend_requests_total"));
    }

    [Fact]
    public async Task It_gets_that_try_once_only()
    {
        // Each connection is closed at its first request, after the very first one was answered.
        await using var backend = RawBackend.Start(RawScripts.InTurn(RawScripts.Answer(), RawScripts.CloseUnanswered));
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Retry = new() { Attempts = 0 } });

        Assert.Equal(200, (await gateway.AskAsync()).Status);
        (await gateway.AskAsync()).AssertProblem(502, "connection_terminated");

        Assert.Equal(3, backend.Requests.Count);
    }

    [Fact]
    public async Task A_get_on_a_connection_given_up_is_repeated_once_where_all_can_see_it()
    {
        await using var stale = RawBackend.Start(RawScripts.StaleKeepAlive());
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([stale.Address, other.Address]);

        Assert.Equal([200, 200, 200], await gateway.AskManyAsync(3));

        Assert.Equal((2, 2), (stale.Requests.Count, other.Requests.Count));
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "failover")));
        Assert.Equal(4, await gateway.MetricAsync("gateway_backend_requests_total"));
    }

    [Fact]
    public async Task The_only_backend_is_asked_again_on_a_new_connection()
    {
        await using var stale = RawBackend.Start(RawScripts.StaleKeepAlive());
        await using var gateway = await TestGateway.StartAsync([stale.Address]);

        Assert.Equal([200, 200], await gateway.AskManyAsync(2));

        Assert.Equal([(0, 0), (0, 1), (1, 0)], stale.Requests.Select(seen => (seen.Connection, seen.NumberOnConnection)));
    }
}
