using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;

namespace Gateway.Actors.Agreement;

/// <summary>Event: these are the digests of the sender's pools, as its settings have them.</summary>
public sealed record SettingsTold(ImmutableSortedDictionary<string, long> Digests) : IWireMessage;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: other replicas have other settings than this one than was known before. What differs now is in
/// <see cref="SettingsAgreement.Current"/>.
/// </summary>
public sealed record AgreementChanged;
