using Gateway.Core.Balancing;

namespace Gateway.Core.Zones;

/// <summary>
/// Builds the pickers of one pool, by zone if zone routing is on. Each zone has a <see cref="PickerBuilder"/> of its own, and the whole
/// pool another, so a strategy resumes where it was either way. Used by one thread at a time, the router.
/// </summary>
public sealed class ZonedPickerBuilder
{
    private readonly PickerBuilder _all = new();
    private readonly List<(string? Zone, PickerBuilder Builder)> _zones = [];

    /// <summary>Builds a picker for the current state of the pool.</summary>
    /// <param name="members">Every endpoint of the pool, in the order of the configuration, available or not.</param>
    /// <param name="routing">The result of <see cref="ZoneSplit"/> for the available ones.</param>
    /// <param name="panic">
    /// Whether to use all <paramref name="members"/> except draining ones, available or not, and say so in each result.
    /// </param>
    /// <param name="boundPercent">See <see cref="LoadBound"/>: counts the attempts in flight in the zone drawn. 0 for no bound.</param>
    public Picker Build(Strategy strategy, IReadOnlyList<Candidate> members, ZoneRouting routing, bool panic = false, int boundPercent = 0)
    {
        _zones.RemoveAll(known => !members.Any(member => member.Zone == known.Zone));
        var all = _all.Build(strategy, members, panic, boundPercent);
        if (routing is not ZoneRouting.On on)
        {
            return all;
        }

        ZoneShare[] shares = [.. on.Shares.Where(share => share.Share > 0)];
        return new ZonedPicker(
            [.. shares.Select(share => BuilderOf(share.Zone).Build(strategy, MembersOf(share.Zone), boundPercent: boundPercent))],
            [.. shares.Select(share => share.Share)],
            Array.FindIndex(shares, share => share.Zone == on.Local),
            all,
            [.. MembersOf(on.Local).Select(member => member.Cell)],
            byKey: strategy is Strategy.IpHash or Strategy.Maglev);

        // A zone gives no held endpoint while another zone has one that is not held: held ones are the last resort of the whole pool.
        Candidate[] MembersOf(string? zone) =>
        [
            .. members.Where(member => member.Zone == zone).Select(member => member with { Available = member.InRotation }),
        ];
    }

    private PickerBuilder BuilderOf(string? zone)
    {
        foreach (var known in _zones)
        {
            if (known.Zone == zone)
            {
                return known.Builder;
            }
        }

        var builder = new PickerBuilder();
        _zones.Add((zone, builder));
        return builder;
    }
}
