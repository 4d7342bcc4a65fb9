using System.Collections.Immutable;
using Gateway.Actors.Cluster;

namespace Gateway.Actors.Agreement;

/// <summary>Event: these are the digests of the sender's pools, as its settings have them.</summary>
public sealed record SettingsTold(ImmutableSortedDictionary<string, long> Digests) : IWireMessage;
