using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>One route, in the order of the settings. Empty lists match anything.</summary>
/// <param name="Path">A path, a template (<c>/users/{id}</c>), or a prefix followed by <c>/*</c>.</param>
/// <param name="Headers">Required header fields: a name, <c>name: value</c>, or <c>name: prefix*</c>.</param>
/// <param name="Pool">The pool, or several with their weights if requests are split; null if it uses no backend.</param>
/// <param name="Planes">The planes of httpcg URLs; if empty it matches requests without such a URL.</param>
/// <param name="Query">Required query parameters: a name, or <c>name=value</c>.</param>
public sealed record RouteReport(
    string Name, ImmutableArray<string> Hosts, string Path, ImmutableArray<string> Methods, ImmutableArray<string> Headers, ImmutableArray<string> Query, string? Pool,
    ImmutableArray<string> Planes);
