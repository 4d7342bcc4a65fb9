using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;

namespace Gateway.Core.Overrides;

/// <summary>
/// The operators' changes to one endpoint that are in force: at least one remark. If replicas unaware of each other made two remarks on the same
/// subject, both are kept and the later one counts.
/// </summary>
/// <param name="Remarks">By stamp.</param>
public sealed record EndpointOverride(ImmutableArray<Remark> Remarks)
{
    /// <summary>Whether the endpoint is removed, wherever it comes from.</summary>
    public bool Removed => Newest(RemarkSubject.Presence) is { Kind: RemarkKind.Removed };

    /// <summary>The endpoint's settings if an operator added it; otherwise null.</summary>
    public AddedEndpoint? Added => Newest(RemarkSubject.Presence) is { Kind: RemarkKind.Added } added ? new(added.Weight, added.Zone, added.Priority) : null;

    /// <summary>The weight in place of the settings'; null for the settings'.</summary>
    public int? Weight => Newest(RemarkSubject.Weight)?.Weight;

    /// <summary>Whether it gets no new attempts.</summary>
    public bool Draining => Newest(RemarkSubject.Traffic) is not null;

    /// <summary>The author of the latest remark.</summary>
    public string Who => Remarks[^1].Who;

    /// <summary>Creates an override from remarks; null if there are none.</summary>
    public static EndpointOverride? Of(IEnumerable<Remark> remarks) =>
        remarks.OrderBy(r => r.Stamp).ToImmutableArray() is { IsEmpty: false } some ? new(some) : null;

    public bool Has(Stamp stamp)
    {
        foreach (var remark in Remarks)
        {
            if (remark.Stamp == stamp)
            {
                return true;
            }
        }

        return false;
    }

    public bool Equals(EndpointOverride? other) => other is not null && Remarks.SequenceEqual(other.Remarks);

    public override int GetHashCode() => HashCode.Combine(Remarks.Length, Remarks[^1]);

    private Remark? Newest(RemarkSubject subject)
    {
        for (var i = Remarks.Length - 1; i >= 0; i--)
        {
            if (Remarks[i].Subject == subject)
            {
                return Remarks[i];
            }
        }

        return null;
    }
}

/// <summary>An endpoint that is not in the settings.</summary>
public sealed record AddedEndpoint(int Weight = 1, string? Zone = null, int Priority = 0)
{
    /// <summary>Returns its settings at an address.</summary>
    public EndpointSettings At(EndpointAddress address) => new(address, Weight, Zone, Priority);
}
