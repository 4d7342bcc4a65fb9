using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Zones;

/// <summary>Why zone routing is off.</summary>
public enum ZonesOff
{
    /// <summary>This replica has no zone.</summary>
    NoOwnZone,

    /// <summary>Fewer than two zones have replicas.</summary>
    ReplicasInOneZone,

    /// <summary>Too few endpoints are available, so health is ignored.</summary>
    Panic,

    /// <summary>Fewer healthy endpoints than <see cref="ZonePolicy.MinEndpoints"/>.</summary>
    FewEndpoints,

    /// <summary>Fewer than two zones have healthy endpoints.</summary>
    EndpointsInOneZone,
}

/// <summary>
/// The zone routing of a pool, or the reason why it is off. It is published beside the picker, since an invisible condition
/// is found only by surprise (envoy#8616, envoy#33501).
/// </summary>
public abstract record ZoneRouting
{
    private ZoneRouting()
    {
    }

    /// <summary>A one-line description.</summary>
    public abstract string Text { get; }

    /// <summary>Whether zone routing is on instead of off, or off for another reason. New numbers alone make no difference.</summary>
    public bool DiffersInKind(ZoneRouting other) => (this, other) switch
    {
        (On, On) => false,
        (Off now, Off before) => now.Reason != before.Reason,
        _ => true,
    };

    /// <summary>Zone routing is off: the strategy picks among all endpoints.</summary>
    /// <param name="Detail">The counts found and required.</param>
    public sealed record Off(ZonesOff Reason, string Detail) : ZoneRouting
    {
        public override string Text => $"off: {Detail}";
    }

    /// <summary>Zone routing is on: a zone is drawn first, then the strategy picks within it.</summary>
    /// <param name="Local">The replica's own zone.</param>
    /// <param name="Shares">By zone, in the order of their names, including those without a share.</param>
    public sealed record On(string Local, ImmutableArray<ZoneShare> Shares) : ZoneRouting
    {
        public override string Text =>
            $"on, from zone {Local}: " + string.Join(", ", Shares.Where(share => share.Share > 0).Select(share =>
                string.Create(CultureInfo.InvariantCulture, $"{share.Share:P1} to {(share.Zone is { } zone ? $"zone {zone}" : "no zone")}")));
    }
}
