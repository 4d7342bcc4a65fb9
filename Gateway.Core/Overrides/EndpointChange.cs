using System.Collections.Immutable;

namespace Gateway.Core.Overrides;

/// <summary>What an operator can say of an endpoint.</summary>
public abstract record EndpointChange
{
    private EndpointChange()
    {
    }

    /// <summary>The pool has it too, from now on; one that was removed is back.</summary>
    public sealed record Add(AddedEndpoint Endpoint) : EndpointChange;

    /// <summary>The pool has it no more, whatever the settings say. (One that only operators have added is taken out by <see cref="Revert"/>.)</summary>
    public sealed record Remove : EndpointChange;

    /// <summary>It gets no new attempts.</summary>
    public sealed record Drain : EndpointChange;

    /// <summary>It gets new attempts again.</summary>
    public sealed record Undrain : EndpointChange;

    /// <summary>It has this weight, whatever the settings say.</summary>
    public sealed record Reweight(int Weight) : EndpointChange;

    /// <summary>The settings hold again.</summary>
    public sealed record Revert : EndpointChange;

    /// <summary>What holds after this change: what it is about is replaced, the rest stays.</summary>
    /// <param name="known">What held until now; null: nothing.</param>
    /// <param name="stamp">Later than any known.</param>
    public EndpointOverride? On(EndpointOverride? known, Stamp stamp, string who)
    {
        who = who.Length > Remark.LongestWho ? who[..Remark.LongestWho] : who;
        return this switch
        {
            Add(var endpoint) => EndpointOverride.Of([new(stamp, RemarkKind.Added, who, endpoint.Weight, endpoint.Zone, endpoint.Priority)]),
            Remove => Replace(new(stamp, RemarkKind.Removed, who), RemarkSubject.Presence, RemarkSubject.Traffic),
            Drain => Replace(new(stamp, RemarkKind.Drained, who), RemarkSubject.Traffic),
            Undrain => Replace(null, RemarkSubject.Traffic),
            Reweight(var weight) => Replace(new(stamp, RemarkKind.Reweighted, who, weight), RemarkSubject.Weight),
            Revert => null,
            _ => throw new InvalidOperationException($"no such change: {this}"),
        };

        EndpointOverride? Replace(Remark? with, params ImmutableArray<RemarkSubject> subjects)
        {
            var kept = known?.Remarks.Where(r => !subjects.Contains(r.Subject)) ?? [];
            return EndpointOverride.Of(with is null ? kept : kept.Append(with));
        }
    }
}
