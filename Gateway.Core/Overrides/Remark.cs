namespace Gateway.Core.Overrides;

/// <summary>One thing that an operator has said of an endpoint, and that still holds.</summary>
/// <param name="Stamp">When it was said, and by which replica: no two remarks have the same.</param>
/// <param name="Kind">What was said.</param>
/// <param name="Who">Who said it, for people.</param>
/// <param name="Weight">The weight, for <see cref="RemarkKind.Added"/> and <see cref="RemarkKind.Reweighted"/>.</param>
/// <param name="Zone">The zone, for <see cref="RemarkKind.Added"/>; null: none.</param>
/// <param name="Priority">The priority, for <see cref="RemarkKind.Added"/>.</param>
public sealed record Remark(Stamp Stamp, RemarkKind Kind, string Who, int Weight = 0, string? Zone = null, int Priority = 0)
{
    /// <summary>Longer names of people are cut.</summary>
    public const int LongestWho = 160;

    /// <summary>What it is about. Remarks about different things never undo each other.</summary>
    public RemarkSubject Subject => Kind switch
    {
        RemarkKind.Added or RemarkKind.Removed => RemarkSubject.Presence,
        RemarkKind.Reweighted => RemarkSubject.Weight,
        RemarkKind.Drained => RemarkSubject.Traffic,
        _ => RemarkSubject.Unknown,
    };
}

/// <summary>What can be said of an endpoint. A kind that a later version adds is kept and passed on, though this one makes nothing of it.</summary>
public enum RemarkKind : byte
{
    /// <summary>The pool has it too.</summary>
    Added,

    /// <summary>The pool has it no more, whatever the settings say.</summary>
    Removed,

    /// <summary>It has this weight, whatever the settings say.</summary>
    Reweighted,

    /// <summary>It gets no new attempts.</summary>
    Drained,
}

/// <summary>What a remark is about.</summary>
public enum RemarkSubject
{
    /// <summary>Whether the pool has the endpoint.</summary>
    Presence,

    /// <summary>Its share of the traffic.</summary>
    Weight,

    /// <summary>Whether it gets new attempts.</summary>
    Traffic,

    /// <summary>Something that this version does not know.</summary>
    Unknown,
}
