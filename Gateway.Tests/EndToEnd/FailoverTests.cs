using Gateway.Core.Retrying;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Connections that fail before an answer. Round robin begins with the first backend, which is the failing one.</summary>
public sealed class FailoverTests
{
    public static TheoryData<string, string?> AnyRequest => new() { { "GET", null }, { "POST", null }, { "POST", "hello" } };

    [Theory]
    [MemberData(nameof(AnyRequest))]
    public async Task A_refused_connection_costs_no_client_anything(string method, string? body)
    {
        using var refused = RawBackend.RefusedAddress();
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [refused.Address, other.Address], pool => pool with { Retry = new() { BudgetPercent = 0, BudgetMinimum = 0 } });

        (await gateway.AskAsync(method, body: body)).AssertPassedOn(200, "ok");

        var seen = Assert.Single(other.Requests);
        Assert.Equal((method, body ?? ""), (seen.Method, seen.BodyText));
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "failover")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_retry_budget_retries"));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "connect")));
    }

    [Fact]
    public async Task A_body_too_large_to_keep_fails_over_too_while_nothing_of_it_is_read()
    {
        using var refused = RawBackend.RefusedAddress();
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([refused.Address, other.Address]);
        var body = new string('x', (2 * RetryPolicy.Default.MaxKeptBody) + 1);

        (await gateway.AskAsync("POST", body: body)).AssertPassedOn(200, "ok");

        Assert.Equal(body, Assert.Single(other.Requests).BodyText);
    }

    [Fact]
    public async Task A_get_that_is_reset_before_its_answer_goes_elsewhere()
    {
        await using var resetting = RawBackend.Start(RawScripts.Reset);
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([resetting.Address, other.Address]);

        (await gateway.AskAsync()).AssertPassedOn(200, "ok");

        Assert.Single(resetting.Requests);
        Assert.Single(other.Requests);
        Assert.Equal(1, await gateway.MetricAsync("gateway_retries_total", ("kind", "failover")));
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "reset")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hello")]
    public async Task A_post_that_is_reset_before_its_answer_is_sent_only_once(string? body)
    {
        await using var resetting = RawBackend.Start(RawScripts.Reset);
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([resetting.Address, other.Address]);

        (await gateway.AskAsync("POST", body: body)).AssertProblem(502, "connection_terminated");

        Assert.Equal(body ?? "", Assert.Single(resetting.Requests).BodyText);
        Assert.Empty(other.Requests);
        Assert.Equal(0, await gateway.MetricAsync("gateway_retries_total"));
    }

    [Fact]
    public async Task A_post_whose_connection_is_reset_at_once_goes_elsewhere_only_if_none_of_it_was_written()
    {
        await using var resetting = RawBackend.Start(RawScripts.ResetOnConnect);
        await using var other = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([resetting.Address, other.Address]);

        var reply = await gateway.AskAsync("POST", body: "hello");

        // The reset arrives before or during the write of the request: a race with two results.
        Assert.Contains((reply.Status, other.Requests.Count), new[] { (502, 0), (200, 1) });
    }

    [Fact]
    public async Task With_all_backends_gone_the_breakers_open_and_the_answer_turns_from_502_to_503()
    {
        using var first = RawBackend.RefusedAddress();
        using var second = RawBackend.RefusedAddress();
        await using var gateway = await TestGateway.StartAsync([first.Address, second.Address]);

        // Four attempts each: the fifth failure of each backend comes in the third request.
        for (var i = 0; i < 3; i++)
        {
            (await gateway.AskAsync()).AssertProblem(502, "connection_refused");
        }

        (await gateway.AskAsync()).AssertProblem(503, "destination_unavailable");
        (await gateway.AskAsync("POST", body: "hello")).AssertProblem(503, "destination_unavailable");
        Assert.Equal(10, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "connect")));
        await gateway.LoggedAsync("pool default: 0 of 2 endpoints available");
    }
}
