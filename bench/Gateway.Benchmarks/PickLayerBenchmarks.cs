using BenchmarkDotNet.Attributes;
using Gateway.Core.Balancing;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;

namespace Gateway.Benchmarks;

/// <summary>
/// The cost of a pick by strategy, with possible layers around it: priorities that share the load, zones, ejected endpoints, bounded load. One thread, 16
/// endpoints with weights 3, 1, 2 in turn; a pick and its release, as in <see cref="PickBenchmarks"/>.
/// </summary>
[MemoryDiagnoser]
public class PickLayerBenchmarks
{
    private const int Picks = 1 << 14;
    private const int Count = 16;

    private Picker _picker = null!;

    /// <summary>The layer around the strategy.</summary>
    public enum Layer
    {
        None,

        /// <summary>Two of eight endpoints each, the first half down: 70 % and 30 %.</summary>
        Priorities,

        /// <summary>Three, with replicas in each.</summary>
        Zones,

        /// <summary>Both.</summary>
        PrioritiesAndZones,

        /// <summary>A quarter of the endpoints is ejected, like outliers.</summary>
        Ejected,

        /// <summary>hashBalanceFactor 150, for the strategies that hash.</summary>
        Bounded,
    }

    [ParamsSource(nameof(Cases))]
    public Case Of { get; set; } = new(Strategy.RoundRobin, Layer.None);

    public static IEnumerable<Case> Cases =>
        from strategy in Enum.GetValues<Strategy>()
        from layer in Enum.GetValues<Layer>()
        where layer != Layer.Bounded || strategy is Strategy.IpHash or Strategy.Maglev
        select new Case(strategy, layer);

    [GlobalSetup]
    public void Setup()
    {
        var (hasPriorities, hasZones) = (Of.Layer is Layer.Priorities or Layer.PrioritiesAndZones, Of.Layer is Layer.Zones or Layer.PrioritiesAndZones);
        Candidate[] members =
        [
            .. Endpoints.Create(Count, 3, 1, 2).Select((member, i) => member with
            {
                Priority = hasPriorities && i >= Count / 2 ? 1 : 0,
                Zone = hasZones ? "abc"[i % 3].ToString() : null,
                Available = Of.Layer == Layer.Ejected ? i % 4 != 0 : !hasPriorities || i % 2 == 0 || i >= Count / 2,
            }),
        ];
        _picker = new PriorityPickerBuilder().Build(
            Of.Strategy,
            members,
            [.. PrioritySplit.Decide(members, panicThreshold: 0).Select(level => new RoutedLevel(level, ZonesOf([.. members.Where(m => m.Priority == level.Priority && m.Available)])))],
            Of.Layer == Layer.Bounded ? 150 : 0);
    }

    [Benchmark(OperationsPerInvoke = Picks)]
    public void Pick()
    {
        var bits = 1UL;
        for (var left = Picks; left > 0; left--)
        {
            bits = RandomBits.Mix(bits);
            var result = _picker.Pick(new PickContext(bits, bits, Endpoints.Now));
            result.Lease.Release();
        }
    }

    private static ZoneRouting ZonesOf(Candidate[] available) =>
        ZoneSplit.Decide("a", ["a", "b", "c"], [.. available.Select(member => member.Zone)], new ZonePolicy { MinEndpoints = 1 });

    public sealed record Case(Strategy Strategy, Layer Layer)
    {
        public override string ToString() => $"{Strategy.Name()}, {Layer}";
    }
}
