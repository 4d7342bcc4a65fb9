using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Zones;

/// <summary>Why zones do not count in a pool.</summary>
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
/// Whether a pool's requests go by zone, and how; where not, why. It is published beside the picker, because a condition that nobody
/// sees is found by surprise (envoy#8616, envoy#33501).
/// </summary>
public abstract record ZoneRouting
{
    private ZoneRouting()
    {
    }

    /// <summary>One line for people.</summary>
    public abstract string Text { get; }

    /// <summary>Whether this differs in kind from another: on instead of off, or off for another reason. New numbers alone do not.</summary>
    public bool DiffersInKind(ZoneRouting other) => (this, other) switch
    {
        (On, On) => false,
        (Off now, Off before) => now.Reason != before.Reason,
        _ => true,
    };

    /// <summary>The strategy picks among all endpoints alike.</summary>
    /// <param name="Detail">What was found and what is needed.</param>
    public sealed record Off(ZonesOff Reason, string Detail) : ZoneRouting
    {
        public override string Text => $"off: {Detail}";
    }

    /// <summary>A zone is drawn first, then the strategy picks within it.</summary>
    /// <param name="Local">The replica's own zone.</param>
    /// <param name="Shares">By zone, in the order of their names, those without a share too.</param>
    public sealed record On(string Local, ImmutableArray<ZoneShare> Shares) : ZoneRouting
    {
        public override string Text =>
            $"on, from zone {Local}: " + string.Join(", ", Shares.Where(share => share.Share > 0).Select(share =>
                string.Create(CultureInfo.InvariantCulture, $"{share.Share:P1} to {(share.Zone is { } zone ? $"zone {zone}" : "no zone")}")));
    }
}
