using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

public enum PickKind
{
    /// <summary>Nothing to pick: no endpoint is available, or none is left that was not tried.</summary>
    NoneAvailable,

    /// <summary>Endpoints are available, but each has as much in flight as it may.</summary>
    Saturated,

    Picked,
}

/// <summary>Where a pick led when it went by zone.</summary>
public enum PickedZone : byte
{
    /// <summary>The pick did not go by zone.</summary>
    None,

    /// <summary>The replica's own zone.</summary>
    Local,

    Remote,
}

/// <summary>What a pick came to. Only <see cref="PickKind.Picked"/> carries a lease.</summary>
/// <param name="Panic">Whether the pick ignored health, too few endpoints being available.</param>
/// <param name="Zone">Where it led, if zones count in the pool.</param>
/// <param name="Priority">The priority that it led to, if the pool has several.</param>
public readonly record struct PickResult(
    PickKind Kind, Lease Lease, bool Panic, PickedZone Zone = PickedZone.None, int? Priority = null)
{
    public static PickResult NoneAvailable => default;

    public static PickResult Saturated => new(PickKind.Saturated, default, false);

    public static PickResult Picked(Lease lease, bool panic = false) => new(PickKind.Picked, lease, panic);
}
