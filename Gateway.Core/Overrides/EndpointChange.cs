using System.Collections.Immutable;

namespace Gateway.Core.Overrides;

/// <summary>A change to an endpoint by an operator.</summary>
public abstract record EndpointChange
{
    private EndpointChange()
    {
    }

    /// <summary>Adds it to the pool, also after its removal.</summary>
    public sealed record Add(AddedEndpoint Endpoint) : EndpointChange;

    /// <summary>Removes it from the pool, whatever the settings say. (One that only operators have added is removed by <see cref="Revert"/>.)</summary>
    public sealed record Remove : EndpointChange;

    /// <summary>Gives it no new attempts.</summary>
    public sealed record Drain : EndpointChange;

    /// <summary>Gives it new attempts again.</summary>
    public sealed record Undrain : EndpointChange;

    /// <summary>Sets its weight, whatever the settings say.</summary>
    public sealed record Reweight(int Weight) : EndpointChange;

    /// <summary>Restores the settings.</summary>
    public sealed record Revert : EndpointChange;

    /// <summary>Applies this change: replaces remarks on the same subject, and keeps the rest.</summary>
    /// <param name="known">The override so far; null if none.</param>
    /// <param name="stamp">Later than any known.</param>
    public EndpointOverride? On(EndpointOverride? known, Stamp stamp, string who)
    {
        who = who.Length > Remark.MaxWhoLength ? who[..Remark.MaxWhoLength] : who;
        return this switch
        {
            Add(var endpoint) => EndpointOverride.Of([new(stamp, RemarkKind.Added, who, endpoint.Weight, endpoint.Zone, endpoint.Priority)]),
            Remove => Replace(new(stamp, RemarkKind.Removed, who), RemarkSubject.Presence, RemarkSubject.Traffic),
            Drain => Replace(new(stamp, RemarkKind.Drained, who), RemarkSubject.Traffic),
            Undrain => Replace(null, RemarkSubject.Traffic),
            Reweight(var weight) => Replace(new(stamp, RemarkKind.Reweighted, who, weight), RemarkSubject.Weight),
            Revert => null,
            _ => throw new InvalidOperationException($"unexpected change: {this}"),
        };

        EndpointOverride? Replace(Remark? with, params ImmutableArray<RemarkSubject> subjects)
        {
            var kept = known?.Remarks.Where(r => !subjects.Contains(r.Subject)) ?? [];
            return EndpointOverride.Of(with is null ? kept : kept.Append(with));
        }
    }
}
