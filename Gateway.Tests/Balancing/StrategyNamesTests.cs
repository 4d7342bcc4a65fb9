using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class StrategyNamesTests
{
    [Theory]
    [InlineData(Strategy.RoundRobin, "round-robin")]
    [InlineData(Strategy.Weighted, "weighted")]
    [InlineData(Strategy.LeastConnections, "least-connections")]
    [InlineData(Strategy.P2C, "p2c")]
    [InlineData(Strategy.Random, "random")]
    [InlineData(Strategy.IpHash, "ip-hash")]
    [InlineData(Strategy.HealthBased, "health-based")]
    [InlineData(Strategy.PeakEwma, "peak-ewma")]
    [InlineData(Strategy.Maglev, "maglev")]
    public void A_strategy_is_named_in_settings_and_metrics_as_it_is_read(Strategy strategy, string name)
    {
        Assert.Equal(name, strategy.Name());
        Assert.True(StrategyNames.TryParse(name, out var parsed));
        Assert.Equal(strategy, parsed);
        Assert.Equal(name, StrategyNames.All[(int)strategy]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Random")]
    [InlineData("least-loaded")]
    public void Any_other_name_is_none(string name) => Assert.False(StrategyNames.TryParse(name, out _));

    [Fact]
    public void An_undefined_strategy_has_no_name_and_no_picker()
    {
        Assert.Equal("strategy", Assert.Throws<ArgumentOutOfRangeException>(() => ((Strategy)99).Name()).ParamName);
        Assert.Equal("strategy", Assert.Throws<ArgumentOutOfRangeException>(() => TestCells.Build((Strategy)99, TestCells.Many(2).Candidates())).ParamName);
    }
}
