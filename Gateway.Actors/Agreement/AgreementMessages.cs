using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;

namespace Gateway.Actors.Agreement;

/// <summary>Event: the digests of the sender's configured pools.</summary>
public sealed record SettingsTold(ImmutableSortedDictionary<string, long> Digests) : IWireMessage;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: the differences between this replica's settings and the others' have changed; see
/// <see cref="SettingsAgreement.Current"/>.
/// </summary>
public sealed record AgreementChanged;
