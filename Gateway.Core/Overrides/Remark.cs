namespace Gateway.Core.Overrides;

/// <summary>A single change to an endpoint by an operator that is in force.</summary>
/// <param name="Stamp">When and by which replica it was made; unique.</param>
/// <param name="Kind">The kind of change.</param>
/// <param name="Who">The operator, for display.</param>
/// <param name="Weight">The weight, for <see cref="RemarkKind.Added"/> and <see cref="RemarkKind.Reweighted"/>.</param>
/// <param name="Zone">The zone, for <see cref="RemarkKind.Added"/>; null if none.</param>
/// <param name="Priority">The priority, for <see cref="RemarkKind.Added"/>.</param>
public sealed record Remark(Stamp Stamp, RemarkKind Kind, string Who, int Weight = 0, string? Zone = null, int Priority = 0)
{
    /// <summary>Longer operator names are cut.</summary>
    public const int MaxWhoLength = 160;

    /// <summary>The subject of the remark. Remarks on different subjects never undo each other.</summary>
    public RemarkSubject Subject => Kind switch
    {
        RemarkKind.Added or RemarkKind.Removed => RemarkSubject.Presence,
        RemarkKind.Reweighted => RemarkSubject.Weight,
        RemarkKind.Drained => RemarkSubject.Traffic,
        _ => RemarkSubject.Unknown,
    };
}

/// <summary>The kinds of remarks. A kind added by a later version is kept and passed on, but has no effect here.</summary>
public enum RemarkKind : byte
{
    /// <summary>Added to the pool.</summary>
    Added,

    /// <summary>Removed from the pool, whatever the settings say.</summary>
    Removed,

    /// <summary>Given another weight, whatever the settings say.</summary>
    Reweighted,

    /// <summary>Given no new attempts.</summary>
    Drained,
}

/// <summary>The subjects of remarks.</summary>
public enum RemarkSubject
{
    /// <summary>Whether the pool has the endpoint.</summary>
    Presence,

    /// <summary>Its share of the traffic.</summary>
    Weight,

    /// <summary>Whether it gets new attempts.</summary>
    Traffic,

    /// <summary>A subject unknown to this version.</summary>
    Unknown,
}
