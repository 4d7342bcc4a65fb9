using System.Collections.Frozen;

namespace Gateway.Core.Balancing;

/// <summary>The load-balancing strategies of a pool.</summary>
public enum Strategy
{
    RoundRobin,
    Weighted,
    LeastConnections,
    P2C,
    Random,
    IpHash,
    HealthBased,
    PeakEwma,
    Maglev,
}

/// <summary>Names of the strategies in flags, files and metrics.</summary>
public static class StrategyNames
{
    private static readonly FrozenDictionary<string, Strategy> ByName = Enum.GetValues<Strategy>()
        .ToFrozenDictionary(Name, StringComparer.Ordinal);

    /// <summary>All names, in the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Strategy>().Select(Name)];

    public static bool TryParse(string name, out Strategy strategy) => ByName.TryGetValue(name, out strategy);

    public static string Name(this Strategy strategy) => strategy switch
    {
        Strategy.RoundRobin => "round-robin",
        Strategy.Weighted => "weighted",
        Strategy.LeastConnections => "least-connections",
        Strategy.P2C => "p2c",
        Strategy.Random => "random",
        Strategy.IpHash => "ip-hash",
        Strategy.HealthBased => "health-based",
        Strategy.PeakEwma => "peak-ewma",
        Strategy.Maglev => "maglev",
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
    };
}
