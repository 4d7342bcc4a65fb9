using System.Collections.Immutable;
using Gateway.Core.Commands;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Makes the routes, and holds them against the pools and each other.</summary>
internal sealed class RouteBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    private const string Key = "routes";

    public ImmutableArray<RouteSettings> Bind(ImmutableArray<PoolSettings> pools)
    {
        var names = pools.Select(p => p.Name).ToList();
        if (file.Routes is not { Count: > 0 } sections)
        {
            if (names.Count > 0 && !names.Contains(PoolSettings.DefaultName) && !faults.Touch("config", "pools", Key))
            {
                faults.Add(Key, given.Where(Key),
                    $"is missing, and there is no pool 'default' for everything to go to; allowed: routes to {string.Join(", ", names)}, or a pool 'default'");
            }

            return [];
        }

        var routes = ImmutableArray.CreateBuilder<RouteSettings>();
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var alike = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i] is not { } section)
                continue;
            var index = i;
            var route = Route(section);
            routes.Add(route);

            void Fault(string key, string what) => faults.Add(Key, given.Where($"routes[{index}].{key}"), what);
            if (section.Name is not null && !first.TryAdd(route.Name, i))
                Fault("name", $"{Faults.Quote(route.Name)} is the name of routes[{first[route.Name]}] too; allowed: each name once");
            if (!names.Contains(route.Pool) && !IsLost(route.Pool, names))
                Fault("pool", $"{Faults.Quote(route.Pool)} is not a pool; {(Spelling.Nearest(route.Pool, names) is { } meant ? $"did you mean {meant}?" : $"allowed: {(names.Count > 0 ? string.Join(", ", names) : "none is configured")}")}");
            if (RequestTarget.HasDotSegment(route.PathPrefix))
                Fault("pathPrefix", $"{Faults.Quote(route.PathPrefix)} has a dot segment, which no request has; allowed: a path without . and .. segments");
            if (!alike.TryAdd(Conditions(route), i))
                faults.Warn(given.Where($"routes[{i}]"), $"gets no request, since routes[{alike[Conditions(route)]}] has the same conditions");
        }

        foreach (var unused in names.Except(routes.Select(r => r.Pool), StringComparer.Ordinal))
            faults.Warn(given.Where($"pools.{unused}"), "no route leads to it");

        return routes.ToImmutable();
    }

    /// <summary>Whether a pool may be missing only because what would make it is at fault.</summary>
    private bool IsLost(string pool, List<string> names) =>
        (names.Count == 0 && faults.Touch("pools")) || faults.Hold($"pools['{pool}']") || (pool == PoolSettings.DefaultName && faults.Touch("relayEndpoints"));

    private static string Conditions(RouteSettings route) => string.Join(
        '\n',
        string.Join(' ', route.Hosts.Select(h => h.ToLowerInvariant()).Order(StringComparer.Ordinal)),
        route.MatchedPrefix,
        string.Join(' ', route.Methods.Order(StringComparer.Ordinal)),
        string.Join(' ', route.Headers.Select(h => $"{h.Name.ToLowerInvariant()}:{h.Value}").Order(StringComparer.Ordinal)));

    private static RouteSettings Route(RouteSection section) => new()
    {
        Name = section.Name ?? "",
        Hosts = [.. (section.Hosts ?? []).OfType<string>()],
        PathPrefix = section.PathPrefix ?? "/",
        Methods = [.. (section.Methods ?? []).OfType<string>()],
        Headers = [.. (section.Headers ?? []).Where(h => h?.Name is not null).Select(h => new HeaderCondition(h!.Name!, h.Value))],
        Pool = section.Pool ?? PoolSettings.DefaultName,
        MaxRequestBodySize = section.MaxRequestBodySize,
    };
}
