using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

/// <summary>The names in logs, metrics, commands and the admin API.</summary>
public sealed class DecisionNamesTests
{
    [Fact]
    public void Kinds_of_decisions() =>
        Assert.Equal(["available", "suspect", "trials-only", "ejected"], Enum.GetValues<DecisionKind>().Select(kind => kind.Name()));

    [Fact]
    public void Reasons_of_decisions() => Assert.Equal(
        ["unknown", "own-probe", "own-breaker", "trial", "own", "reported", "zone", "unverified", "stalled", "outlier"],
        Enum.GetValues<DecisionReason>().Select(reason => reason.Name()));

    [Fact]
    public void Opinions() => Assert.Equal(["none", "good", "bad"], Enum.GetValues<Opinion>().Select(opinion => opinion.Name()));

    [Fact]
    public void Reasons_to_probe() =>
        Assert.Equal(["none", "owner", "unverified", "unknown", "verification"], Enum.GetValues<ProbeReason>().Select(reason => reason.Name()));
}
