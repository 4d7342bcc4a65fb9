using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Zones;

namespace Gateway.Core.Priorities;

/// <summary>
/// Builds the pickers of one pool, level by level. Each level has a <see cref="ZonedPickerBuilder"/> of its own, so a change in one level does not restart
/// the others. Used by one thread at a time, the router.
/// </summary>
public sealed class PriorityPickerBuilder
{
    private readonly Dictionary<int, ZonedPickerBuilder> _levels = [];
    private readonly PickerBuilder _held = new();

    /// <summary>Builds a picker for the current state of the pool.</summary>
    /// <param name="members">Every endpoint of the pool, in the order of the configuration, available or not.</param>
    /// <param name="levels">The levels by <see cref="PrioritySplit"/>, with their zones.</param>
    /// <param name="boundPercent">See <see cref="LoadBound"/>: counts the attempts in flight in the level drawn, or in its zone. 0 for no bound.</param>
    public Picker Build(Strategy strategy, IReadOnlyList<Candidate> members, ImmutableArray<RoutedLevel> levels, int boundPercent = 0)
    {
        foreach (var gone in _levels.Keys.Where(priority => levels.All(level => level.Level.Priority != priority)).ToArray())
        {
            _levels.Remove(gone);
        }

        if (levels.Length <= 1)
        {
            return levels.IsEmpty ? EmptyPicker.Instance : OfLevel(levels[0], [.. members]);
        }

        return new PriorityPicker(
            [.. levels.Select(level => level.Level)],
            [.. levels.Select(level => OfLevel(level, MembersOf(level.Level)))],
            _held.Build(Strategy.Random, [.. members.Where(member => member is { Available: true, Held: true })]),
            byKey: strategy is Strategy.IpHash or Strategy.Maglev);

        Picker OfLevel(RoutedLevel level, Candidate[] own) => BuilderOf(level.Level.Priority).Build(
            strategy,
            own,
            level.Zones,
            level.Level.Panic,
            boundPercent);

        // Held endpoints are the last resort of the whole pool. A level in panic uses them like all others.
        Candidate[] MembersOf(PriorityLevel level) =>
        [
            .. members.Where(member => member.Priority == level.Priority).Select(member =>
                member with { Available = member.InRotation, Held = false }),
        ];
    }

    private ZonedPickerBuilder BuilderOf(int priority) =>
        _levels.TryGetValue(priority, out var known) ? known : _levels[priority] = new();
}
