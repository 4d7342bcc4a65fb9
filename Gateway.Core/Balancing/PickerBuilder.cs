using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>
/// Builds the pickers of one pool, and keeps the state that outlives each: the turns drawn and owed, the hash ring, the Maglev
/// table. Used by one thread at a time, the router; any number of threads may use its pickers.
/// </summary>
public sealed class PickerBuilder
{
    private readonly TurnLedger _turns = new();
    private readonly TurnLedger _degradedTurns = new();
    private readonly MemberCache<HashRing> _ring = new(members => new HashRing(members));
    private readonly MemberCache<MaglevTable> _maglev = new(members => new MaglevTable(members));

    /// <summary>Builds a picker for the current state of the pool.</summary>
    /// <param name="members">Every endpoint of the pool, in the order of the configuration, available or not.</param>
    /// <param name="panic">Whether to use all <paramref name="members"/> except draining ones, available or not, and say so in each result.</param>
    /// <param name="boundPercent">See <see cref="LoadBound"/>; 0 for no bound. Ignored by strategies that do not hash.</param>
    public Picker Build(Strategy strategy, IReadOnlyList<Candidate> members, bool panic = false, int boundPercent = 0)
    {
        Candidate[] held = [.. members.Where(member => member.Available && member.Held)];
        if (panic || held.Length == 0)
        {
            return Among(strategy, members, panic, boundPercent);
        }

        var preferred = Among(strategy, [.. members.Select(member => member with { Available = member.InRotation })], panic, boundPercent);
        return new TieredPicker(preferred, LastResort(held));
    }

    private Picker Among(Strategy strategy, IReadOnlyList<Candidate> members, bool panic, int boundPercent)
    {
        Candidate[] available = [.. members.Where(member => member.IsUsed(panic))];
        EndpointCell[] cells = [.. available.Select(member => member.Cell)];
        return cells.Length switch
        {
            0 => EmptyPicker.Instance,
            1 => new SinglePicker(cells[0]) { Panic = panic },
            _ => Bounded(strategy, Choose(strategy, members, available, cells, panic), members, available, panic, boundPercent),
        };
    }

    /// <summary>Ignores the strategy: held endpoints are picked so rarely and briefly that position and affinity do not matter.</summary>
    private static RandomPicker LastResort(Candidate[] held) => new([.. held.Select(member => member.Cell)], new AliasTable(Weights(held)));

    private static double[] Weights(Candidate[] available) => [.. available.Select(member => member.Weight * member.Factor)];

    private static EndpointCell?[] Owners(IReadOnlyList<Candidate> members, bool panic) =>
        [.. members.Select(member => member.IsUsed(panic) ? member.Cell : null)];

    private static Picker Fastest(Candidate[] among, TurnLedger ledger, IReadOnlyList<Candidate> members, bool panic)
    {
        EndpointCell[] cells = [.. among.Select(member => member.Cell)];
        var weights = Weights(among);
        return cells.Length == 1
            ? new SinglePicker(cells[0]) { Panic = panic }
            : new FastestPicker(cells, weights, ledger.Continue(cells, SmoothOrder.ToIntegers(weights), members), panic);
    }

    private static TwoChoicesPicker<InFlightCost> TwoByWeight(EndpointCell[] cells, double[] weights, bool panic) =>
        new(cells, weights, weights.AsSpan().ContainsAnyExcept(weights[0]) ? new(weights) : null) { Panic = panic };

    private Turns WeightedTurns(EndpointCell[] cells, double[] weights, IReadOnlyList<Candidate> members) =>
        _turns.Continue(cells, SmoothOrder.ToIntegers(weights), members);

    private Picker HealthBased(Candidate[] available, IReadOnlyList<Candidate> members, bool panic)
    {
        Candidate[] healthy = [.. available.Where(member => !member.Degraded)];
        Candidate[] degraded = [.. available.Where(member => member.Degraded)];
        if (healthy.Length == 0 || degraded.Length == 0)
        {
            return Fastest(healthy.Length > 0 ? healthy : degraded, _turns, members, panic);
        }

        var first = Fastest(healthy, _turns, members, panic);
        return new TieredPicker(first, Fastest(degraded, _degradedTurns, members, panic)) { Panic = panic };
    }

    /// <summary>Adds the bound, if any, to a hashing picker.</summary>
    private Picker Bounded(
        Strategy strategy, Picker unbound, IReadOnlyList<Candidate> members, Candidate[] available, bool panic, int percent)
    {
        return (strategy, percent) switch
        {
            (_, 0) => unbound,
            (Strategy.IpHash, _) => With(new RingChoices(_ring.For(members))),
            (Strategy.Maglev, _) => With(new TableChoices(_maglev.For(members))),
            _ => unbound,
        };

        Picker With<TChoices>(TChoices choices)
            where TChoices : struct, IHashChoices =>
            new BoundedPicker<TChoices>(choices, Owners(members, panic), new(members, available, percent), unbound) { Panic = panic };
    }

    private Picker Choose(
        Strategy strategy, IReadOnlyList<Candidate> members, Candidate[] available, EndpointCell[] cells, bool panic)
    {
        var weights = Weights(available);
        return strategy switch
        {
            Strategy.RoundRobin or Strategy.Weighted => new RotatingPicker(cells, WeightedTurns(cells, weights, members)) { Panic = panic },
            Strategy.LeastConnections =>
                new LowestPicker<InFlightCost>(cells, weights, WeightedTurns(cells, weights, members)) { Panic = panic },
            Strategy.P2C => TwoByWeight(cells, weights, panic),
            Strategy.Random => new RandomPicker(cells, new AliasTable(weights)) { Panic = panic },
            Strategy.IpHash => new IpHashPicker(_ring.For(members), Owners(members, panic), cells) { Panic = panic },
            Strategy.HealthBased => HealthBased(available, members, panic),
            Strategy.PeakEwma => new TwoChoicesPicker<PeakEwmaCost>(cells, weights) { Panic = panic },
            Strategy.Maglev => new MaglevPicker(_maglev.For(members), Owners(members, panic), cells) { Panic = panic },
            _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
        };
    }
}
