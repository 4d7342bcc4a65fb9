using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Outcomes;

public sealed class OutcomeClassifierTests
{
    private static readonly TimeSpan Try = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(AttemptEnd.NotConnected, FailureReason.Connect)]
    [InlineData(AttemptEnd.Unprocessed, FailureReason.Refused)]
    [InlineData(AttemptEnd.Broken, FailureReason.Reset)]
    [InlineData(AttemptEnd.Malformed, FailureReason.Malformed)]
    public void A_break_by_the_endpoint_is_its_failure(AttemptEnd end, FailureReason reason) =>
        Assert.Equal((Outcome.Failure, reason), Classify(new(end)));

    [Theory]
    [InlineData(AttemptEnd.BodyBroken)]
    [InlineData(AttemptEnd.Broken)]
    public void A_body_that_breaks_is_a_failure_whatever_its_head_said(AttemptEnd end) =>
        Assert.Equal((Outcome.Failure, FailureReason.Body), Classify(new(end, 200, FullySent: true)));

    [Fact]
    public void An_answer_whose_client_leaves_in_the_middle_says_nothing_of_the_endpoint() =>
        Assert.Equal((Outcome.Ignored, FailureReason.None), Classify(new(AttemptEnd.BodyAbandoned, 200, FullySent: true)));

    [Fact]
    public void A_failed_handshake_differs_from_a_failed_connection() =>
        Assert.Equal((Outcome.Failure, FailureReason.Tls), Classify(new(AttemptEnd.NotConnected, Tls: true)));

    [Theory]
    [InlineData(200, Outcome.Success)]
    [InlineData(404, Outcome.Success)]
    [InlineData(429, Outcome.Success)]
    [InlineData(500, Outcome.Success)]
    [InlineData(502, Outcome.Failure)]
    [InlineData(503, Outcome.Failure)]
    [InlineData(504, Outcome.Failure)]
    public void A_status_is_a_failure_where_the_pool_says_so_and_never_a_4xx(int status, Outcome outcome) =>
        Assert.Equal(outcome, Classify(new(AttemptEnd.Answered, status)).Outcome);

    [Theory]
    [InlineData(AttemptEnd.TryTimeout)]
    [InlineData(AttemptEnd.RequestTimeout)]
    public void A_timeout_is_the_endpoints_only_if_it_had_the_whole_request(AttemptEnd end)
    {
        Assert.Equal((Outcome.Failure, FailureReason.Timeout), Classify(new(end, FullySent: true)));
        Assert.Equal((Outcome.Ignored, FailureReason.None), Classify(new(end, FullySent: false)));
    }

    [Fact]
    public void A_client_that_leaves_is_ignored_unless_it_waited_longer_than_the_try_timeout()
    {
        Assert.Equal(Outcome.Ignored, Classify(new(AttemptEnd.ClientGone, FullySent: true, Waited: Try)).Outcome);
        Assert.Equal((Outcome.Failure, FailureReason.Abandoned), Classify(new(AttemptEnd.ClientGone, FullySent: true, Waited: Try + TimeSpan.FromTicks(1))));
        Assert.Equal(Outcome.Ignored, Classify(new(AttemptEnd.ClientGone, FullySent: false, Waited: 2 * Try)).Outcome);
    }

    [Fact]
    public void A_bad_request_body_says_nothing_about_the_endpoint() =>
        Assert.Equal(Outcome.Ignored, Classify(new(AttemptEnd.BadRequestBody, 400)).Outcome);

    [Fact]
    public void Busy_connections_say_nothing_about_the_endpoint() =>
        Assert.Equal((Outcome.Ignored, FailureReason.None), Classify(new(AttemptEnd.Saturated)));

    [Theory]
    [InlineData(GrpcStatus.Unavailable, Outcome.Failure)]
    [InlineData(GrpcStatus.Internal, Outcome.Success)]
    [InlineData(GrpcStatus.Ok, Outcome.Success)]
    public void A_call_is_judged_by_its_own_status(GrpcStatus status, Outcome outcome) =>
        Assert.Equal(outcome, Classify(new(AttemptEnd.Answered, 200) { Grpc = status }).Outcome);

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void A_deadline_of_the_clients_says_nothing_about_the_endpoint(int status) =>
        Assert.Equal(Outcome.Ignored, Classify(new(AttemptEnd.DeadlinePassed, status, FullySent: true, Waited: 2 * Try)).Outcome);

    private static (Outcome Outcome, FailureReason Reason) Classify(AttemptReport report) =>
        OutcomeClassifier.Classify(report, BreakerPolicy.Default.FailureStatuses, BreakerPolicy.Default.GrpcFailureStatuses, Try);
}
