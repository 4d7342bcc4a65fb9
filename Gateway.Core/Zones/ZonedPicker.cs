using System.Runtime.CompilerServices;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Core.Zones;

/// <summary>
/// Draws a zone by the shares, then picks within it by the pool's strategy. If that zone has nothing to lease, picks among all
/// endpoints, so that the excess of one zone spreads over all the others; a pick still fails only if each untried endpoint
/// has refused.
/// </summary>
public sealed class ZonedPicker : Picker
{
    private readonly Picker[] _zones;
    private readonly AliasTable _shares;
    private readonly int _local;
    private readonly Picker _all;
    private readonly EndpointCell[] _localCells;
    private readonly bool _byKey;

    /// <param name="zones">Pickers of the zones that have a share, at least one.</param>
    /// <param name="shares">Their shares.</param>
    /// <param name="local">The index of the replica's own zone; -1 if none.</param>
    /// <param name="all">Picks among the endpoints of all zones.</param>
    /// <param name="localCells">The endpoints of the replica's own zone.</param>
    /// <param name="byKey">Whether to draw by the request's key, so that a hashing strategy keeps a client where it is.</param>
    public ZonedPicker(Picker[] zones, ReadOnlySpan<double> shares, int local, Picker all, EndpointCell[] localCells, bool byKey)
    {
        _zones = zones;
        _shares = new AliasTable(shares);
        _local = local;
        _all = all;
        _localCells = localCells;
        _byKey = byKey;
    }

    public override PickResult Pick(in PickContext context)
    {
        var zone = _zones.Length == 1 ? 0 : Draw(context);
        var result = _zones[zone].Pick(context);
        return result.Kind == PickKind.Picked
            ? result with { Zone = zone == _local ? PickedZone.Local : PickedZone.Remote }
            : PickFromAll(context);
    }

    /// <summary>Draws by other bits than the strategies do: bits that led to a zone would favour some of its endpoints.</summary>
    private int Draw(in PickContext context) => _shares.Draw(RandomBits.Mix(~(_byKey ? context.Key : context.Random)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PickResult PickFromAll(in PickContext context)
    {
        var result = _all.Pick(context);
        return result.Kind == PickKind.Picked
            ? result with { Zone = Array.IndexOf(_localCells, result.Lease.Cell) >= 0 ? PickedZone.Local : PickedZone.Remote }
            : result;
    }
}
