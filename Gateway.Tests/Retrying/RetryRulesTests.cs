using CsCheck;
using Gateway.Core.Outcomes;
using Gateway.Core.Retrying;

namespace Gateway.Tests.Retrying;

public sealed class RetryRulesTests
{
    private static readonly RetryPolicy Policy = RetryPolicy.Default;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public void Idempotent_methods_are_tried_again_after_a_broken_connection(string method) =>
        Assert.Equal(RetryDecision.Failover, Decide(AttemptEnd.Broken, method));

    [Fact]
    public void A_connection_that_broke_after_a_head_is_not_a_free_failover() =>
        Assert.Equal(RetryDecision.Again, Decide(AttemptEnd.Broken, "GET", status: 200));

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("get")]
    [InlineData("PURGE")]
    public void Other_methods_are_never_repeated_once_anything_was_sent(string method)
    {
        foreach (var end in Enum.GetValues<AttemptEnd>().Where(e => e is not (AttemptEnd.NotConnected or AttemptEnd.Saturated or AttemptEnd.Unprocessed)))
        {
            Assert.Equal(RetryDecision.Stop, Decide(end, method, status: 503));
        }
    }

    [Theory]
    [InlineData(AttemptEnd.NotConnected)]
    [InlineData(AttemptEnd.Unprocessed)]
    public void A_request_of_any_method_goes_elsewhere_if_no_byte_was_sent_or_processed(AttemptEnd end) =>
        Assert.Equal(RetryDecision.Failover, Decide(end, "POST"));

    [Fact]
    public void A_request_without_a_free_connection_may_go_elsewhere_against_the_budget() =>
        Assert.Equal(RetryDecision.Again, Decide(AttemptEnd.Saturated, "POST"));

    [Theory]
    [InlineData(502, RetryDecision.Again)]
    [InlineData(503, RetryDecision.Again)]
    [InlineData(504, RetryDecision.Again)]
    [InlineData(500, RetryDecision.Stop)]
    [InlineData(404, RetryDecision.Stop)]
    [InlineData(200, RetryDecision.Stop)]
    public void Only_the_configured_statuses_are_tried_again(int status, RetryDecision expected) =>
        Assert.Equal(expected, Decide(AttemptEnd.Discarded, "GET", status));

    [Theory]
    [InlineData(AttemptEnd.TryTimeout, RetryDecision.Again)]
    [InlineData(AttemptEnd.RequestTimeout, RetryDecision.Stop)]
    [InlineData(AttemptEnd.Malformed, RetryDecision.Again)]
    [InlineData(AttemptEnd.ClientGone, RetryDecision.Stop)]
    [InlineData(AttemptEnd.BadRequestBody, RetryDecision.Stop)]
    [InlineData(AttemptEnd.BodyBroken, RetryDecision.Stop)]
    public void Other_ends_of_an_attempt(AttemptEnd end, RetryDecision expected) => Assert.Equal(expected, Decide(end, "GET"));

    [Fact]
    public void A_body_that_is_lost_is_never_sent_again() =>
        Assert.Equal(RetryDecision.Stop, RetryRules.Decide(new(AttemptEnd.NotConnected), "PUT", BodyState.Lost, 1, Policy));

    [Fact]
    public void Only_the_first_failover_is_free() =>
        Assert.Equal(RetryDecision.Again, RetryRules.Decide(new(AttemptEnd.NotConnected), "GET", BodyState.Unread, 2, Policy));

    [Fact]
    public void There_are_no_more_attempts_than_configured()
    {
        Assert.Equal(RetryDecision.Again, RetryRules.Decide(new(AttemptEnd.NotConnected), "GET", BodyState.Unread, 3, Policy));
        Assert.Equal(RetryDecision.Stop, RetryRules.Decide(new(AttemptEnd.NotConnected), "GET", BodyState.Unread, 4, Policy));
        Assert.Equal(RetryDecision.Stop, RetryRules.Decide(new(AttemptEnd.NotConnected), "GET", BodyState.Unread, 1, Policy with { Attempts = 0 }));
    }

    [Theory]
    [InlineData(1, 25)]
    [InlineData(2, 75)]
    [InlineData(3, 175)]
    [InlineData(4, 250)]
    [InlineData(99, 250)]
    public void Backoff_is_uniform_below_a_doubling_bound(int attempts, int bound)
    {
        Assert.Equal(TimeSpan.Zero, Backoff.Before(attempts, 0));
        Assert.Equal(TimeSpan.FromMilliseconds(bound / 2.0), Backoff.Before(attempts, 0.5));
        Gen.Double[0, 0.999].Sample(unit => Backoff.Before(attempts, unit) < TimeSpan.FromMilliseconds(bound));
    }

    [Theory]
    [InlineData(AttemptEnd.Discarded, GrpcStatus.Unavailable, RetryDecision.Again)]
    [InlineData(AttemptEnd.Discarded, GrpcStatus.Internal, RetryDecision.Stop)]
    [InlineData(AttemptEnd.Discarded, null, RetryDecision.Stop)]
    [InlineData(AttemptEnd.Broken, GrpcStatus.Unavailable, RetryDecision.Stop)]
    [InlineData(AttemptEnd.DeadlinePassed, null, RetryDecision.Stop)]
    public void A_call_is_made_again_where_the_pool_names_its_status(AttemptEnd end, GrpcStatus? status, RetryDecision expected) => Assert.Equal(
        expected,
        RetryRules.Decide(new(end, 200) { Grpc = status }, "POST", BodyState.Kept, 1, Policy with { GrpcStatuses = [GrpcStatus.Unavailable] }));

    private static RetryDecision Decide(AttemptEnd end, string method, int status = 0) =>
        RetryRules.Decide(new(end, status), method, BodyState.Unread, 1, Policy);
}
