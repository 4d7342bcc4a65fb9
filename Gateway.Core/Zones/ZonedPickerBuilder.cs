using Gateway.Core.Balancing;

namespace Gateway.Core.Zones;

/// <summary>
/// Makes the pickers of one pool, by zone where zones count. Each zone has a <see cref="PickerBuilder"/> of its own, and the pool as a
/// whole another: zone or not, a strategy goes on where it was. Used by one thread at a time, the router.
/// </summary>
public sealed class ZonedPickerBuilder
{
    private readonly PickerBuilder _all = new();
    private readonly List<(string? Zone, PickerBuilder Builder)> _zones = [];

    /// <summary>A picker for the pool as it is now.</summary>
    /// <param name="members">Every endpoint of the pool, in the order of the configuration, available or not.</param>
    /// <param name="routing">What <see cref="ZoneSplit"/> made of those that are available.</param>
    /// <param name="panic">Use all of <paramref name="members"/> but those that drain, available or not, and say so in each result.</param>
    /// <param name="boundPercent">See <see cref="LoadBound"/>: of what is in flight in the zone that was drawn. 0: no bound.</param>
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

        // A zone gives no endpoint that is held while another zone has one that is not: held ones are the last resort, of the pool as a whole.
        Candidate[] MembersOf(string? zone) =>
        [
            .. members.Where(member => member.Zone == zone).Select(member => member with { Available = member.Available && !member.Held }),
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
