using System.Collections.Frozen;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>The codecs of all message types that cross nodes, by family. A test finds the types by reflection and round-trips each.</summary>
public static class WireCodecs
{
    public static IReadOnlyList<WireCodec> All { get; } = [.. ReplicaCodecs.All, .. EvidenceCodecs.All, .. GrantCodecs.All, .. OverridesCodecs.All, .. SurveyCodecs.All, .. AgreementCodecs.All, .. AnalyticsCodecs.All];

    private static readonly FrozenDictionary<Type, WireCodec> ByType = All.ToFrozenDictionary(codec => codec.Type);

    private static readonly FrozenDictionary<string, WireCodec> ByManifest =
        All.ToFrozenDictionary(codec => codec.Manifest, StringComparer.Ordinal);

    public static WireCodec Of(IWireMessage message) => ByType.TryGetValue(message.GetType(), out var codec)
        ? codec
        : throw new ArgumentException($"{message.GetType()} has no codec", nameof(message));

    /// <summary>Returns the codec of a manifest; null if it is from a newer version.</summary>
    public static WireCodec? Find(string manifest) => ByManifest.GetValueOrDefault(manifest);
}
