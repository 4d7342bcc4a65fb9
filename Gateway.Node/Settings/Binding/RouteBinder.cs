using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Analytics;
using Gateway.Core.Commands;
using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates the routes, and checks them against the pools and each other.</summary>
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
                    $"is missing, and there is no pool 'default' to receive all requests; add routes to {string.Join(", ", names)}, or a pool 'default'");
            }

            return [];
        }

        var routes = new List<(int Index, RouteSettings Route)>();
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < sections.Count; i++)
        {
            if (sections[i] is not { } section)
            {
                continue;
            }

            var route = Route(i, section);
            routes.Add((i, route));
            if (section.Name is not null && !first.TryAdd(route.Name, i))
            {
                Fault(i, "name", $"{Faults.Quote(route.Name)} is already the name of routes[{first[route.Name]}]; allowed: each name once");
            }

            if (route.Name == SeriesKey.None)
            {
                Fault(i, "name", "'none' is a reserved name; choose another");
            }

            CheckPool(i, route, names);
            CheckPath(i, section, route);
            var index = i;
            new RouteActionBinder(section, (key, what) => Fault(index, key, what)).Check(route);
            for (var h = 0; h < route.Headers.Length; h++)
            {
                if (route.Headers[h] is { Value: not null, Prefix: not null })
                {
                    Fault(i, $"headers[{h}].prefix", "conflicts with value; set only one of them");
                }

                if (FieldNames.Of(Encoding.ASCII.GetBytes(route.Headers[h].Name)) is FieldName.XHttpcgPlane or FieldName.XHttpcgUrl)
                {
                    Fault(i, $"headers[{h}].name", $"{Faults.Quote(route.Headers[h].Name)} does not select a plane; use planes, or another field");
                }
            }
        }

        CheckDuplicates(routes);
        foreach (var unused in names.Except(routes.SelectMany(r => PoolsOf(r.Route)).OfType<string>(), StringComparer.Ordinal))
        {
            faults.Warn(given.Where($"pools.{unused}"), "no route uses this pool");
        }

        return [.. routes.Select(r => r.Route)];
    }

    private RouteSettings Route(int index, RouteSection section) => new()
    {
        Name = section.Name ?? "",
        Planes = [.. (section.Planes ?? []).OfType<string>().Select(plane => HttpcgPlanes.Of(Encoding.ASCII.GetBytes(plane))).Distinct()],
        Hosts = [.. (section.Hosts ?? []).OfType<string>()],
        Path = section.Path,
        PathPrefix = section.PathPrefix ?? "/",
        Methods = [.. (section.Methods ?? []).OfType<string>().Distinct()],
        Headers = [.. (section.Headers ?? []).Where(h => h?.Name is not null).Select(h => new HeaderCondition(h!.Name!, h.Value, h.Prefix))],
        Query = [.. (section.Query ?? []).Where(q => q?.Name is not null).Select(q => new QueryCondition(q!.Name!, q.Value))],
        Split = RouteActionBinder.SplitOf(section.Split),
        Pool = section.Pool ?? (section.Redirect is null && section.Answer is null && section.Split is null ? PoolSettings.DefaultName : null),
        Priority = section.Priority is { } priority ? Enum.Parse<RequestPriority>(priority, ignoreCase: true) : RequestPriority.Default,
        MaxRequestBodySize = section.MaxRequestBodySize,
        Clients = ClientsBinder.Of(section.Clients, (key, what) => Fault(index, $"clients.{key}", what)),
        RateLimit = RateLimitBinder.Of(section.RateLimit, (key, what) => Fault(index, $"rateLimit.{key}", what)),
        Mirror = RouteActionBinder.MirrorOf(section.Mirror),
        Affinity = RouteActionBinder.AffinityOf(section.Affinity, section.Affinity?.KeyFile is { } file ? given.Resolve(Key, file) : null),
        Rewrite = RouteActionBinder.RewriteOf(section.Rewrite),
        RequestFields = RouteActionBinder.FieldsOf(section.RequestFields),
        ResponseFields = RouteActionBinder.FieldsOf(section.ResponseFields),
        Redirect = RouteActionBinder.RedirectOf(section.Redirect),
        Answer = RouteActionBinder.AnswerOf(section.Answer),
        RequestTimeout = section.Timeouts?.Request,
        TryTimeout = section.Timeouts?.Try,
        IdleTimeout = section.Timeouts?.Idle,
        RetryAttempts = section.Retry?.Attempts,
    };

    private static IEnumerable<string?> PoolsOf(RouteSettings route) => [.. route.Split?.Pools.Select(s => s.Pool) ?? [], route.Pool, route.Mirror?.Pool];

    private void Fault(int index, string key, string what) => faults.Add(Key, given.Where($"routes[{index}].{key}"), what);

    private void CheckPool(int index, RouteSettings route, List<string> names)
    {
        CheckPool(index, "pool", route.Pool, names);
        foreach (var (i, share) in (route.Split?.Pools ?? []).Index())
        {
            CheckPool(index, $"split.pools[{i}].pool", share.Pool, names);
        }

        CheckPool(index, "mirror.pool", route.Mirror?.Pool, names);
    }

    private void CheckPool(int index, string key, string? pool, List<string> names)
    {
        if (pool is not null && !names.Contains(pool) && !MayFollowFromError(pool, names))
        {
            var meant = Spelling.Nearest(pool, names);
            Fault(index, key, $"{Faults.Quote(pool)} is not a pool; {(meant is not null ? $"did you mean {meant}?" : $"allowed: {(names.Count > 0 ? string.Join(", ", names) : "none is configured")}")}");
        }
    }

    /// <summary>Whether a missing pool may be due to another error.</summary>
    private bool MayFollowFromError(string pool, List<string> names) =>
        (names.Count == 0 && faults.Touch("pools")) || faults.Hold($"pools['{pool}']") || (pool == PoolSettings.DefaultName && faults.Touch("relayEndpoints"));

    private void CheckPath(int index, RouteSection section, RouteSettings route)
    {
        var key = section.Path is null ? "pathPrefix" : "path";
        var path = section.Path ?? route.PathPrefix;
        if (section is { Path: not null, PathPrefix: not null })
        {
            Fault(index, "pathPrefix", "conflicts with path; set only one of them");
        }
        else if (RequestTarget.HasDotSegment(path))
        {
            Fault(index, key, $"{Faults.Quote(path)} has a dot segment, so no request can match it; allowed: a path without . and .. segments");
        }
        else if (section.Path is null && path.AsSpan().ContainsAny('{', '}'))
        {
            Fault(index, key, $"{Faults.Quote(path)} contains braces; allowed: a path without {{ and }}, or path for one with {{name}} in it");
        }
        else if (section.Path is not null && RoutePath.FaultOf(path) is { } fault)
        {
            Fault(index, key, $"{Faults.Quote(path)} {fault}; allowed: {{name}} as a whole segment, of letters, digits and _, each name once");
        }
    }

    /// <summary>Reports routes that match the same requests: the choice between them would be arbitrary.</summary>
    private void CheckDuplicates(List<(int Index, RouteSettings Route)> routes)
    {
        if (faults.Touch(Key))
        {
            return; // Faulty routes cannot be compared.
        }

        foreach (var alike in routes.GroupBy(r => Conditions(r.Route), StringComparer.Ordinal).Select(g => g.ToList()).Where(g => g.Count > 1))
        {
            for (var i = 1; i < alike.Count; i++)
            {
                foreach (var earlier in alike.Take(i))
                {
                    if (Shared(earlier.Route, alike[i].Route) is not { } shared)
                    {
                        continue;
                    }

                    faults.Add(Key, given.Where($"routes[{alike[i].Index}]"),
                        $"{Faults.Quote(alike[i].Route.Name)} has the same conditions as {Faults.Quote(earlier.Route.Name)} (routes[{earlier.Index}]) {shared}; allowed: routes that differ in plane, host, path, methods, headers or query");
                    break;
                }
            }
        }
    }

    /// <summary>The host, plane and methods that both routes match; null: none. Lists of different lengths never conflict: lengths order routes.</summary>
    private static string? Shared(RouteSettings one, RouteSettings other)
    {
        if (one.Methods.Length != other.Methods.Length || one.Planes.Length != other.Planes.Length)
        {
            return null;
        }

        var planes = one.Planes.Intersect(other.Planes).ToList();
        if (one.Planes.Length > 0 && planes.Count == 0)
        {
            return null;
        }

        var methods = one.Methods.Intersect(other.Methods, StringComparer.Ordinal).ToList();
        if (one.Methods.Length > 0 && methods.Count == 0)
        {
            return null;
        }

        var of = planes.Count == 0 ? "" : $" of the plane {string.Join(", ", planes.Select(HttpcgPlanes.TextOf))}";
        var by = methods.Count == 0 ? of : $"{of} by {string.Join(", ", methods)}";
        if (one.Hosts.IsEmpty && other.Hosts.IsEmpty)
        {
            return $"for {RoutePath.Of(one)}{by}";
        }

        return one.Hosts.Intersect(other.Hosts, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } host
            ? $"for {host.ToLowerInvariant()}{RoutePath.Of(one)}{by}"
            : null;
    }

    /// <summary>All conditions except hosts and methods, as a text that is equal for equal meaning.</summary>
    private static string Conditions(RouteSettings route) => string.Join(
        '\n',
        RoutePath.Of(route).Meaning,
        string.Join('\0', route.Headers.Select(h => $"{h.Name.ToLowerInvariant()}\u0001{h.Value}\u0001{h.Prefix}\u0001{h.Value is null}").Distinct().Order(StringComparer.Ordinal)),
        string.Join('\0', route.Query.Select(q => $"{q.Name}\u0001{q.Value}\u0001{q.Value is null}").Distinct().Order(StringComparer.Ordinal)));
}
