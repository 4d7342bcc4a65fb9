using CsCheck;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class DecisionTableTests
{
    private static readonly Gen<Facts> AnyFacts = Gen.Select(
        Gen.Enum<BreakerPhase>(), Gen.Enum<Opinion>(), Gen.Int[0, 5], Gen.Int[0, 5], Gen.Bool, Gen.OneOf(DecisionKind.Available, DecisionKind.Suspect, DecisionKind.Ejected),
        (breaker, own, bad, good, reported, last) => new Facts(breaker, own, bad, good, reported, last));

    public static TheoryData<int, BreakerPhase, Opinion, int, int, bool, DecisionKind, DecisionReason> Rows => new()
    {
        { 1, BreakerPhase.Closed, Opinion.Bad, 0, 2, false, DecisionKind.Ejected, DecisionReason.OwnProbe },
        { 1, BreakerPhase.HalfOpen, Opinion.Bad, 0, 2, false, DecisionKind.Ejected, DecisionReason.OwnProbe },
        { 2, BreakerPhase.Open, Opinion.Good, 0, 2, false, DecisionKind.Ejected, DecisionReason.OwnBreaker },
        { 2, BreakerPhase.Open, Opinion.None, 2, 0, true, DecisionKind.Ejected, DecisionReason.OwnBreaker },
        { 3, BreakerPhase.HalfOpen, Opinion.Good, 2, 0, true, DecisionKind.TrialsOnly, DecisionReason.Trial },
        { 4, BreakerPhase.Closed, Opinion.Good, 0, 0, false, DecisionKind.Available, DecisionReason.Own },
        { 5, BreakerPhase.Closed, Opinion.Good, 5, 0, true, DecisionKind.Suspect, DecisionReason.Reported },
        { 6, BreakerPhase.Closed, Opinion.None, 2, 0, true, DecisionKind.Ejected, DecisionReason.Zone },
        { 6, BreakerPhase.Closed, Opinion.None, 3, 2, true, DecisionKind.Ejected, DecisionReason.Zone },
        { 7, BreakerPhase.Closed, Opinion.None, 2, 2, false, DecisionKind.Available, DecisionReason.Zone },
        { 7, BreakerPhase.Closed, Opinion.None, 0, 1, false, DecisionKind.Available, DecisionReason.Zone },
        { 8, BreakerPhase.Closed, Opinion.None, 1, 0, true, DecisionKind.Suspect, DecisionReason.Reported },
        { 8, BreakerPhase.Closed, Opinion.None, 2, 2, true, DecisionKind.Suspect, DecisionReason.Reported },
        { 8, BreakerPhase.Closed, Opinion.None, 0, 2, true, DecisionKind.Suspect, DecisionReason.Reported },
        { 9, BreakerPhase.Closed, Opinion.None, 0, 0, true, DecisionKind.Suspect, DecisionReason.Unverified },
        { 10, BreakerPhase.Closed, Opinion.None, 0, 0, false, DecisionKind.Suspect, DecisionReason.Unknown },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_decides_what_the_page_says(
        int row, BreakerPhase breaker, Opinion own, int bad, int good, bool reported, DecisionKind kind, DecisionReason reason)
    {
        Assert.InRange(row, 1, 10);
        Assert.Equal((kind, reason), DecisionTable.Decide(new(breaker, own, bad, good, reported, Last: DecisionKind.Suspect)));
    }

    [Fact]
    public void A_stalled_endpoint_is_suspect_if_it_would_be_available_and_nothing_else_changes() => AnyFacts.Sample(facts =>
    {
        var (before, now) = (DecisionTable.Decide(facts), DecisionTable.Decide(facts with { Stalled = true }));
        Assert.Equal(before.Kind == DecisionKind.Available ? (DecisionKind.Suspect, DecisionReason.Stalled) : before, now);
    });

    [Fact]
    public void An_outlier_is_ejected_where_neither_own_probes_nor_the_breaker_nor_the_zone_eject_it() => AnyFacts.Sample(facts =>
    {
        var (before, now) = (DecisionTable.Decide(facts with { Outlier = false }), DecisionTable.Decide(facts with { Outlier = true }));
        var isDecided = before.Reason is DecisionReason.OwnProbe or DecisionReason.OwnBreaker or DecisionReason.Trial || before is (DecisionKind.Ejected, DecisionReason.Zone);
        Assert.Equal(isDecided ? before : (DecisionKind.Ejected, DecisionReason.Outlier), now);
    });

    [Fact]
    public void With_nothing_known_the_last_decision_stands() => Assert.All(
        Enum.GetValues<DecisionKind>(), last => Assert.Equal(last, DecisionTable.Decide(new(BreakerPhase.Closed, Opinion.None, 0, 0, false, last)).Kind));

    [Fact]
    public void Own_evidence_against_it_always_ejects() =>
        AnyFacts.Sample(facts => Assert.Equal(DecisionKind.Ejected, DecisionTable.Decide(facts with { Own = Opinion.Bad }).Kind));

    [Fact]
    public void No_number_of_others_ejects_against_good_evidence_of_this_replica() => AnyFacts.Sample(facts => Assert.NotEqual(
        DecisionKind.Ejected, DecisionTable.Decide(facts with { Breaker = BreakerPhase.Closed, Own = Opinion.Good }).Kind));

    [Fact]
    public void One_observers_word_never_ejects() => AnyFacts.Sample(facts =>
    {
        var one = facts with { Breaker = BreakerPhase.Closed, Own = facts.Own == Opinion.Bad ? Opinion.None : facts.Own, ZoneBad = 1, Reported = true };
        Assert.Equal(DecisionKind.Suspect, DecisionTable.Decide(one).Kind);
    });

    [Fact]
    public void Another_zones_evidence_alone_never_ejects() => AnyFacts.Sample(facts =>
    {
        // Other zones appear in the facts only as a report.
        var others = facts with { Breaker = BreakerPhase.Closed, Own = facts.Own == Opinion.Bad ? Opinion.None : facts.Own, ZoneBad = 0, Reported = true };
        Assert.Equal(DecisionKind.Suspect, DecisionTable.Decide(others).Kind);
    });
}
