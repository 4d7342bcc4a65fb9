using Gateway.Core.Balancing;
using Gateway.Core.Retrying;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Retried answers: how often, where, at the cost of which budget, and the final answer to the client.</summary>
public sealed class RetryTests
{
    [Fact]
    public async Task A_503_is_tried_on_the_other_backend()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");

        Assert.Single(failing.Requests);
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "retry")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_retry_budget_retries"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "status")));
    }

    [Fact]
    public async Task The_503_of_the_only_backend_passes_through_unchanged()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(503, "closed for lunch", "Retry-After: 7", "Content-Type: text/x-own"));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);

        var reply = await gateway.AskAsync();

        reply.AssertPassedOn(503, "closed for lunch");
        Assert.Equal(("7", "text/x-own"), (reply.RetryAfter, reply.ContentType));
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task A_post_is_not_tried_again_for_its_status()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);

        (await gateway.AskAsync("POST", body: "hello")).AssertPassedOn(503, "no");

        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Statuses_that_are_not_configured_are_nobodys_failure()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(500, "own fault"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);

        (await gateway.AskAsync()).AssertPassedOn(500, "own fault");

        Assert.Empty(other.Requests);
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task Each_retry_goes_to_a_backend_that_was_not_tried()
    {
        await using var pool = new BackendSet(4, _ => RawScripts.Answer(502, "no"));
        await using var gateway = await TestGateway.StartAsync(pool.Addresses, settings => settings with { Strategy = Strategy.Random });

        (await gateway.AskAsync()).AssertPassedOn(502, "no");

        Assert.Equal([1, 1, 1, 1], pool.Counts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task There_are_no_more_retries_than_configured(int attempts)
    {
        await using var pool = new BackendSet(2, _ => RawScripts.Answer(502, "no"));
        await using var gateway = await TestGateway.StartAsync(
            pool.Addresses, settings => settings with { Retry = new() { Attempts = attempts }, Breaker = new() { Threshold = 100 } });

        (await gateway.AskAsync()).AssertPassedOn(502, "no");

        Assert.Equal(1 + attempts, pool.Counts.Sum());
        Assert.Equal(attempts, await gateway.MetricAsync("gateway_retries_total"));
    }

    [Fact]
    public async Task A_backend_that_asks_for_more_patience_than_a_client_has_is_not_asked_again()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(502, "no", "Retry-After: 60"));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);

        (await gateway.AskAsync()).AssertPassedOn(502, "no");

        Assert.Single(backend.Requests);
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_refused_total"));
    }

    [Fact]
    public async Task With_the_budget_spent_the_last_answer_is_what_the_client_gets()
    {
        await using var pool = new BackendSet(2, name => RawScripts.Answer(503, name));
        await using var gateway = await TestGateway.StartAsync(
            pool.Addresses, settings => settings with { Retry = new() { BudgetPercent = 0, BudgetMinimum = 2 }, Breaker = new() { Threshold = 100 } });
        List<Reply> replies = [];
        for (var i = 0; i < 3; i++)
        {
            replies.Add(await gateway.AskAsync());
        }

        // The budget allows two retries; the third request's first answer is passed on.
        Assert.Equal(5, pool.Counts.Sum());
        Assert.All(replies, reply => Assert.Equal((503, null), (reply.Status, reply.ProxyStatus)));
        Assert.Equal(2, await gateway.MetricAsync("gateway_retries_total", ("kind", "retry")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_refused_total"));
        Assert.Equal(2, await gateway.MetricAsync("gateway_retry_budget_retries"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(64 * 1024)]
    public async Task A_put_is_replayed_with_the_same_bytes(int length)
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);
        var body = Varied(length);

        (await gateway.AskAsync("PUT", body: body)).AssertPassedOn(200, "ok");

        Assert.Equal(body, Assert.Single(failing.Requests).BodyText);
        Assert.Equal(body, Assert.Single(other.Requests).BodyText);
    }

    [Fact]
    public async Task A_put_of_more_than_is_kept_is_not_replayed()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([failing.Address, other.Address]);
        var body = Varied(RetryPolicy.Default.MaxKeptBody + 1);

        (await gateway.AskAsync("PUT", body: body)).AssertPassedOn(503, "no");

        Assert.Equal(body, Assert.Single(failing.Requests).BodyText);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "4\r\nrest\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 8\r\n\r\nhalf", "rest")]
    public async Task A_put_reset_in_the_middle_of_its_body_is_replayed_from_the_start(string begin, string rest)
    {
        await using var resetting = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            exchange.Reset();
        });
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([resetting.Address, other.Address]);
        await using var client = await RawClient.ConnectAsync(gateway.Address);

        await client.SendAsync($"PUT / HTTP/1.1\r\nHost: x\r\n{begin}");
        await other.WaitForRequestsAsync(1);
        await client.SendAsync(rest);

        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
        Assert.Equal("halfrest", Assert.Single(other.Requests).BodyText);
    }

    private static string Varied(int length) => string.Create(length, length, static (text, _) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)('!' + (i % 89));
        }
    });
}
