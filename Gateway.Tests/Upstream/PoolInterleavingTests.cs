extern alias interleavings;

using interleavings::Gateway.Interleavings;

namespace Gateway.Tests.Upstream;

/// <summary>
/// What meets at a pool at the same time, in every interleaving with one switch of threads; with more by
/// <c>dotnet run -c Release --project bench/Gateway.Interleavings -- 2</c>. After each, every place is accounted for and nobody is stranded.
/// </summary>
public sealed class PoolInterleavingTests
{
    public static TheoryData<string> Scenarios => [.. Exploration.Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void No_interleaving_loses_a_place_or_strands_anybody(string scenario)
    {
        var (runs, fault) = Exploration.Run(scenario, switches: 1);
        Assert.Null(fault);
        Assert.True(runs > 10, $"only {runs} interleavings were run: the steps of {scenario} are not seen");
    }
}
