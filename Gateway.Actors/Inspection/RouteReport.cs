using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>One route, in the order of the settings. Lists that are empty take anything.</summary>
public sealed record RouteReport(
    string Name, ImmutableArray<string> Hosts, string PathPrefix, ImmutableArray<string> Methods, ImmutableArray<FieldCondition> Headers, string Pool);

/// <summary>A header field that must be there.</summary>
/// <param name="Value">What it must be; null: anything.</param>
public sealed record FieldCondition(string Name, string? Value);
