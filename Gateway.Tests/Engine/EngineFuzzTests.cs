using System.Text.RegularExpressions;
using Gateway.Fuzz.Engine;

namespace Gateway.Tests.Engine;

/// <summary>Some of the inputs of <c>bench/Gateway.Fuzz -- --engine</c>, with fixed seeds.</summary>
public sealed partial class EngineFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    [InlineData(4_000_000_000)]
    public void Whatever_clients_and_backends_do_each_answer_is_its_requests_own_and_nothing_is_left(long first)
    {
        const int Inputs = 700;
        var campaign = new EngineCampaign();

        campaign.Run(first, Inputs);

        Assert.True(campaign.Failure is null, $"{campaign.Trace}\n{campaign.Failure}");
        Assert.Equal(Inputs, campaign.Inputs);
    }

    [Fact]
    public void An_input_comes_out_the_same_whatever_was_before_it()
    {
        using var fresh = new EngineRig();
        using var used = new EngineRig();
        for (var seed = 1; seed <= 60; seed++)
        {
            new EngineInput(used, seed).Run();
            new EngineInput(used, seed + 1000).Run();
            var (one, other) = (EngineCampaign.TraceOf(fresh, seed), EngineCampaign.TraceOf(used, seed));
            Assert.Equal(Date().Replace(one.ToString(), ""), Date().Replace(other.ToString(), ""));
        }
    }

    [GeneratedRegex("Date: [^\\\\]*")]
    private static partial Regex Date();
}
