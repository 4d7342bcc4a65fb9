using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

public enum PickKind
{
    /// <summary>No endpoint is available, or all available ones were tried.</summary>
    NoneAvailable,

    /// <summary>Endpoints are available, but each is at its limit of attempts in flight.</summary>
    Saturated,

    Picked,
}

/// <summary>The zone a pick led to, under zone-aware routing.</summary>
public enum PickedZone : byte
{
    /// <summary>The pick was not zone-aware.</summary>
    None,

    /// <summary>The replica's own zone.</summary>
    Local,

    Remote,
}

/// <summary>The result of a pick. Only <see cref="PickKind.Picked"/> carries a lease.</summary>
/// <param name="Panic">Whether the pick ignored health because too few endpoints are available.</param>
/// <param name="Zone">The zone picked, if the pool is zone-aware.</param>
/// <param name="Priority">The priority picked, if the pool has several.</param>
public readonly record struct PickResult(
    PickKind Kind, Lease Lease, bool Panic, PickedZone Zone = PickedZone.None, int? Priority = null)
{
    public static PickResult NoneAvailable => default;

    public static PickResult Saturated => new(PickKind.Saturated, default, false);

    public static PickResult Picked(Lease lease, bool panic = false) => new(PickKind.Picked, lease, panic);
}
