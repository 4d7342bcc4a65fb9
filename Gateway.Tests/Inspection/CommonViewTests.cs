using Gateway.Actors.Inspection;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Traffic;

namespace Gateway.Tests.Inspection;

/// <summary>The view of an endpoint that all gateways together have.</summary>
public sealed class CommonViewTests
{
    [Fact]
    public void Gateways_that_agree_are_one_word() => Assert.Equal(
        new CommonView("available", "healthy", "closed", ""),
        Of(Says("r1", Verdict.Healthy), Says("r2", Verdict.Healthy), Says("r3", Verdict.Unknown)));

    [Fact]
    public void Gateways_that_differ_are_counted_and_those_with_bad_evidence_named() => Assert.Equal(
        new CommonView("available 2, ejected 1", "healthy 2, unhealthy 1", "closed", "r3: probe failed"),
        Of(Says("r1", Verdict.Healthy), Says("r2", Verdict.Healthy), Says("r3", Verdict.Unhealthy)));

    [Fact]
    public void Two_of_a_zone_eject_it_for_a_third_that_does_not_probe_it() => Assert.Equal(
        new CommonView("ejected", "unhealthy", "closed", "r2, r3: probe failed"),
        Of(Says("r1", Verdict.Unknown), Says("r2", Verdict.Unhealthy), Says("r3", Verdict.Unhealthy)));

    [Fact]
    public void Another_zone_does_not_eject_it() => Assert.Equal(
        new CommonView("available 1, ejected 2", "unhealthy", "closed", "r2, r3: probe failed"),
        Of(Says("r1", Verdict.Unknown) with { Zone = "b" }, Says("r2", Verdict.Unhealthy), Says("r3", Verdict.Unhealthy)));

    [Fact]
    public void Different_reasons_are_distinguished() => Assert.Equal(
        "r1: probe failed; r2: connection refused",
        Of(Says("r1", Verdict.Unhealthy), Says("r2", Verdict.Unhealthy) with { Why = "connection refused" }).Reason);

    [Theory]
    [InlineData(BreakerPhase.HalfOpen, "trial", "half-open")]
    [InlineData(BreakerPhase.Open, "ejected", "open")]
    public void A_breaker_that_is_not_closed_decides_for_its_gateway(BreakerPhase phase, string state, string breaker) => Assert.Equal(
        new CommonView(state, "unknown", breaker, "r1: probe failed"), Of(Says("r1", Verdict.Unknown, phase)));

    [Fact]
    public void Evidence_that_is_not_fresh_does_not_count() => Assert.Equal(
        new CommonView("available", "healthy", "closed", ""),
        Of(Says("r1", Verdict.Healthy), Says("r2", Verdict.Unhealthy) with { Fresh = false }));

    [Fact]
    public void Without_evidence_it_is_available() => Assert.Equal(new CommonView("available", "unknown", "closed", ""), Of());

    [Theory]
    [InlineData(EndpointState.Draining, "draining")]
    [InlineData(EndpointState.Removed, "removed")]
    public void The_override_of_an_operator_comes_before_all_evidence(EndpointState state, string name) => Assert.Equal(
        new CommonView(name, "unhealthy", "closed", "by an operator"),
        CommonView.Of(Report(Says("r1", Verdict.Unhealthy)) with { State = state, Reason = "by an operator" }));

    private static CommonView Of(params OpinionReport[] opinions) => CommonView.Of(Report(opinions));

    private static EndpointReport Report(params OpinionReport[] opinions) => new(
        "default/http://a:1", "default", "http://a:1", null, 1, 0, EndpointSource.Settings, EndpointState.Available, "own", Draining: false, Verdict.Unknown,
        new(BreakerPhase.Closed, 0, 0, 0, 0, null), null, 0, null, TrafficReport.Of(TrafficRates.None), 0, 0, [.. opinions]);

    private static OpinionReport Says(string replica, Verdict verdict, BreakerPhase breaker = BreakerPhase.Closed) =>
        new(replica, "a", Self: false, new Observation(verdict, breaker).Opinion, verdict, breaker, Fresh: true, AgeSeconds: 1, "probe failed");
}
