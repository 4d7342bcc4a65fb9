using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>One route, in the order of the settings. Lists that are empty take anything.</summary>
/// <param name="Path">A path, a template of one (<c>/users/{id}</c>), or a prefix with <c>/*</c> behind it.</param>
/// <param name="Headers">Header fields that must be there: a name, <c>name: value</c>, or <c>name: prefix*</c>.</param>
/// <param name="Pool">Several with their weights where requests are divided; null: it asks no backend.</param>
/// <param name="Planes">Of httpcg URLs; where there are none it takes requests without such a URL.</param>
/// <param name="Query">Parameters of the query that must be there: a name, or <c>name=value</c>.</param>
public sealed record RouteReport(
    string Name, ImmutableArray<string> Hosts, string Path, ImmutableArray<string> Methods, ImmutableArray<string> Headers, ImmutableArray<string> Query, string? Pool,
    ImmutableArray<string> Planes);
