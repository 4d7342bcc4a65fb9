using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class EndpointEvidenceTests
{
    [Fact]
    public void The_owners_have_spoken_when_both_have_an_opinion_from_their_probes()
    {
        var first = Cast.Says(2, Cast.Good, owner: true);
        Assert.True(Cast.Evidence(first, Cast.Says(3, Cast.Sick, owner: true)).OwnersSpeak);
        Assert.False(Cast.Evidence(first, Cast.Says(3, Cast.Silent, owner: true)).OwnersSpeak);
        Assert.False(Cast.Evidence(first, Cast.Says(3, Cast.Tripped, owner: true)).OwnersSpeak); // By its breaker, not by probes.
        Assert.False(Cast.Evidence(first, Cast.Says(3, Cast.Good), Cast.Says(4, Cast.Good)).OwnersSpeak);
        Assert.False(Cast.Evidence().OwnersSpeak);
    }

    [Fact]
    public void Opinions_are_counted_in_the_own_zone_only()
    {
        var evidence = Cast.Evidence(
            Cast.Says(2, Cast.Sick), Cast.Says(3, Cast.Tripped), Cast.Says(4, Cast.Good), Cast.Says(5, Cast.Sick, inMyZone: false), Cast.Says(6, Cast.Good, inMyZone: false));
        Assert.Equal((2, 1, 0), (evidence.CountInMyZone(Opinion.Bad), evidence.CountInMyZone(Opinion.Good), evidence.CountInMyZone(Opinion.None)));
    }

    [Fact]
    public void The_zones_verdict_is_bad_if_more_of_its_probes_fail_than_pass_and_good_if_any_pass_otherwise()
    {
        Assert.Equal(Opinion.None, Verdict());
        Assert.Equal(Opinion.Good, Verdict(Cast.Good));
        Assert.Equal(Opinion.Bad, Verdict(Cast.Sick));
        Assert.Equal(Opinion.Good, Verdict(Cast.Sick, Cast.Good));
        Assert.Equal(Opinion.Bad, Verdict(Cast.Sick, Cast.Good, Cast.Sick));
        Assert.Equal(Opinion.None, Verdict(Cast.Tripped, Cast.Silent)); // Breakers do not count.
    }

    [Fact]
    public void Other_zones_have_no_part_in_the_zones_verdict()
    {
        var (sick, good) = (Cast.Says(5, Cast.Sick, inMyZone: false), Cast.Says(6, Cast.Good, inMyZone: false));
        Assert.Equal(Opinion.None, Cast.Evidence(sick).ZoneVerdict);
        Assert.Equal(Opinion.None, Cast.Evidence(good).ZoneVerdict);
        Assert.Equal(Opinion.Bad, Cast.Evidence(Cast.Says(2, Cast.Sick), good).ZoneVerdict);
        Assert.Equal(Opinion.Good, Cast.Evidence(Cast.Says(2, Cast.Good), sick, Cast.Says(7, Cast.Sick, inMyZone: false)).ZoneVerdict);
    }

    [Fact]
    public void Evidence_is_equal_if_ownership_and_all_observations_are()
    {
        var evidence = Cast.Evidence(Cast.Says(2, Cast.Sick));
        Assert.Equal(evidence, Cast.Evidence(Cast.Says(2, Cast.Sick)));
        Assert.NotEqual(evidence, evidence with { Owner = true });
        Assert.NotEqual(evidence, Cast.Evidence(Cast.Says(2, Cast.Sick, verified: 1)));
        Assert.False(evidence.Equals(null));
    }

    private static Opinion Verdict(params Observation[] observations) =>
        Cast.Evidence([.. observations.Select((observation, i) => Cast.Says(2 + i, observation))]).ZoneVerdict;
}
