using System.Collections.Immutable;
using System.Text;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates a route's actions besides choosing a pool, and checks their consistency.</summary>
/// <param name="fault">Receives a place below the route and its error.</param>
internal sealed class RouteActionBinder(RouteSection section, Action<string, string> fault)
{
    /// <summary>The most bytes of field lines that a route may add to a head.</summary>
    private const int MaxLinesLength = 16 * 1024;

    public static SplitSettings? SplitOf(SplitSection? split) =>
        split?.Pools?.Where(s => s is { Pool: not null, Weight: not null }).Select(s => new SplitShare(s!.Pool!, s.Weight!.Value)).ToImmutableArray() is { Length: > 0 } shares
            ? new() { Pools = shares, By = split.By is { } by ? Enum.Parse<SplitKey>(by, ignoreCase: true) : SplitKey.Random, Name = split.Name }
            : null;

    public static MirrorSettings? MirrorOf(MirrorSection? mirror)
    {
        if (mirror?.Pool is not { } pool)
        {
            return null;
        }

        var defaults = new MirrorSettings { Pool = pool };
        return defaults with
        {
            Percent = mirror.Percent ?? defaults.Percent,
            MaxConcurrent = mirror.MaxConcurrent ?? defaults.MaxConcurrent,
            MaxBody = mirror.MaxBody ?? defaults.MaxBody,
        };
    }

    /// <param name="keyFile">Its resolved path.</param>
    public static AffinitySettings? AffinityOf(AffinitySection? affinity, string? keyFile) => affinity is null || (keyFile is null && IsByCookie(affinity)) ? null : new()
    {
        By = affinity.By is { } by ? Enum.Parse<AffinityKind>(by, ignoreCase: true) : AffinityKind.Cookie,
        Name = affinity.Name,
        KeyFile = keyFile,
        Cookie = affinity.Cookie ?? AffinitySettings.DefaultCookie,
        MaxAge = affinity.MaxAge,
        SameSite = affinity.SameSite is { } mode ? Enum.Parse<SameSiteMode>(mode, ignoreCase: true) : SameSiteMode.Lax,
        Secure = affinity.Secure ?? false,
    };

    public static RewriteSettings? RewriteOf(RewriteSection? rewrite) =>
        rewrite is null or { StripPrefix: not true, ReplacePrefix: null, Path: null } ? null : new(rewrite.StripPrefix ?? false, rewrite.ReplacePrefix, rewrite.Path);

    public static FieldChanges FieldsOf(FieldsSection? fields) => fields is null ? FieldChanges.None : new()
    {
        Set = LinesOf(fields.Set),
        Add = LinesOf(fields.Add),
        Remove = [.. (fields.Remove ?? []).OfType<string>()],
    };

    public static RedirectSettings? RedirectOf(RedirectSection? redirect) =>
        redirect?.Location is { } location ? new(location, redirect.Status ?? StatusCodes.Status308PermanentRedirect) : null;

    public static AnswerSettings? AnswerOf(AnswerSection? answer) =>
        answer is null ? null : new(answer.Status ?? StatusCodes.Status200OK, answer.ContentType ?? AnswerSettings.PlainText, answer.Body ?? "");

    public void Check(RouteSettings route)
    {
        CheckEnds(route);
        if (section.Split is { } split)
        {
            CheckSplit(split);
        }

        if (route.Mirror is { } mirror && (route.Pool == mirror.Pool || route.Split?.Pools.Any(s => s.Pool == mirror.Pool) == true))
        {
            fault("mirror.pool", $"{Faults.Quote(mirror.Pool)} is the pool that receives the requests themselves; choose another pool");
        }

        if (section.Rewrite is { } rewrite)
        {
            CheckRewrite(rewrite, route);
        }

        if (section.Affinity is { } affinity)
        {
            CheckAffinity(affinity);
        }

        CheckFields("requestFields", section.RequestFields, route.RequestFields);
        CheckFields("responseFields", section.ResponseFields, route.ResponseFields);
        if (route.Redirect is { } redirect)
        {
            CheckRedirect(redirect, route);
        }

        if (route.Answer is { Status: StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified, Body.Length: > 0 } answer)
        {
            fault("answer.body", $"is not allowed with status {answer.Status}, which has no body");
        }
    }

    private static ImmutableArray<FieldLine> LinesOf(IReadOnlyList<FieldLineSection?>? lines) =>
        [.. (lines ?? []).Where(l => l is { Name: not null, Value: not null }).Select(l => new FieldLine(l!.Name!, l.Value!))];

    /// <summary>Checks that a request goes to a pool, or is answered in exactly one way.</summary>
    private void CheckEnds(RouteSettings route)
    {
        if (section is { Redirect: not null, Answer: not null })
        {
            fault("answer", "conflicts with redirect; set only one of them");
        }

        var key = section.Redirect is not null ? "redirect" : section.Answer is not null ? "answer" : null;
        if (key is null)
        {
            return;
        }

        foreach (var (other, isGiven) in new[]
        {
            ("pool", section.Pool is not null), ("split", section.Split is not null), ("mirror", section.Mirror is not null), ("affinity", section.Affinity is not null), ("rewrite", section.Rewrite is not null), ("requestFields", section.RequestFields is not null),
            ("timeouts", section.Timeouts is not null), ("retry", section.Retry is not null), ("priority", section.Priority is not null), ("maxRequestBodySize", section.MaxRequestBodySize is not null),
        })
        {
            if (isGiven)
            {
                fault(other, $"conflicts with {key}, which sends nothing to a backend; set only one of them");
            }
        }
    }

    private void CheckSplit(SplitSection split)
    {
        if (section.Pool is not null)
        {
            fault("pool", "conflicts with split; set only one of them");
        }

        var pools = split.Pools ?? [];
        if (pools.All(s => s?.Weight is 0))
        {
            fault("split.pools", "has no pool with a weight above 0; at least one is needed");
        }

        for (var i = 1; i < pools.Count; i++)
        {
            if (pools[i]?.Pool is { } pool && pools.Take(i).Any(s => s?.Pool == pool))
            {
                fault($"split.pools[{i}].pool", $"{Faults.Quote(pool)} is listed twice; allowed: each pool once");
            }
        }

        if (split is { By: "header" or "cookie", Name: null })
        {
            fault("split.name", $"is missing; allowed: the name of the {split.By}");
        }

        if (split.By == "header" && PlaneFaultOf(split.Name) is { } what)
        {
            fault("split.name", what);
        }

        if (split is { By: not ("header" or "cookie"), Name: not null })
        {
            fault("split.name", "requires by header or cookie");
        }
    }

    private static bool IsByCookie(AffinitySection affinity) => affinity.By is null or "cookie";

    private void CheckAffinity(AffinitySection affinity)
    {
        if (affinity is { SameSite: "none", Secure: not true })
        {
            fault("affinity.sameSite", "'none' requires \"secure\": true, since browsers reject it otherwise; allowed without: lax, strict");
        }

        if (IsByCookie(affinity) && affinity.KeyFile is null)
        {
            fault("affinity.keyFile", "is missing; allowed: the path of a readable file");
        }

        foreach (var (key, isGiven) in new[]
        {
            ("keyFile", affinity.KeyFile is not null), ("cookie", affinity.Cookie is not null), ("maxAge", affinity.MaxAge is not null), ("sameSite", affinity.SameSite is not null),
            ("secure", affinity.Secure is not null),
        })
        {
            if (isGiven && !IsByCookie(affinity))
            {
                fault($"affinity.{key}", $"requires by cookie; by is {affinity.By}");
            }
        }

        if (affinity is { By: "header" or "query", Name: null })
        {
            fault("affinity.name", $"is missing; allowed: the name of the {(affinity.By == "query" ? "query parameter" : "header")}");
        }

        if (affinity is { By: not ("header" or "query"), Name: not null })
        {
            fault("affinity.name", "requires by header or query");
        }

        if (affinity.By == "header" && PlaneFaultOf(affinity.Name) is { } what)
        {
            fault("affinity.name", what);
        }
    }

    /// <summary>The error in a field used as a key; null: none. Fields that the gateway writes for httpcg URLs do not come from the client.</summary>
    public static string? PlaneFaultOf(string? field) =>
        field is not null && FieldNames.Of(Encoding.ASCII.GetBytes(field)) is FieldName.XHttpcgPlane or FieldName.XHttpcgUrl
            ? $"{Faults.Quote(field)} is set by the gateway itself; choose another field"
            : null;

    private void CheckRewrite(RewriteSection rewrite, RouteSettings route)
    {
        var isOfPrefix = rewrite.StripPrefix == true || rewrite.ReplacePrefix is not null;
        if ((rewrite.StripPrefix == true ? 1 : 0) + (rewrite.ReplacePrefix is not null ? 1 : 0) + (rewrite.Path is not null ? 1 : 0) > 1)
        {
            fault("rewrite", "has more than one of stripPrefix, replacePrefix and path; set only one of them");
        }
        else if (isOfPrefix && route.Path is not null)
        {
            fault("rewrite", "replaces a prefix, but the route has path; use pathPrefix in the route, or path in rewrite");
        }

        foreach (var (key, path) in new[] { ("replacePrefix", rewrite.ReplacePrefix), ("path", rewrite.Path) })
        {
            if (path is not null && RequestTarget.HasDotSegment(path))
            {
                fault($"rewrite.{key}", $"{Faults.Quote(path)} has a dot segment; allowed: a path without . and .. segments");
            }
        }

        if (rewrite.ReplacePrefix is { } prefix && prefix.AsSpan().ContainsAny('{', '}'))
        {
            fault("rewrite.replacePrefix", $"{Faults.Quote(prefix)} contains braces; allowed: a path without {{ and }}");
        }

        if (rewrite.Path is { } template && TemplateFault(template, route) is { } what)
        {
            fault("rewrite.path", $"{Faults.Quote(template)} {what}");
        }
    }

    private static string? TemplateFault(string template, RouteSettings route)
    {
        if (RoutePath.FaultOf(template) is { } what)
        {
            return $"{what}; allowed: {{name}} as a whole segment, each name once";
        }

        var parameters = route.Path is null || RoutePath.FaultOf(route.Path) is not null ? [] : RoutePath.Of(route).Parameters;
        return template.Split('/').FirstOrDefault(s => RoutePath.IsParameter(s) && !parameters.Contains(s[1..^1])) is { } unknown
            ? $"has {unknown}, which is not a parameter of the route's path; allowed: {(parameters.IsEmpty ? "no parameters" : string.Join(", ", parameters.Select(p => $"{{{p}}}")))}"
            : null;
    }

    private void CheckFields(string key, FieldsSection? given, FieldChanges changes)
    {
        if (given is null)
        {
            return;
        }

        Check("set", given.Set?.Select(l => (l?.Name, ".name")));
        Check("add", given.Add?.Select(l => (l?.Name, ".name")));
        Check("remove", given.Remove?.Select(n => (n, "")));
        if (FieldEdit.Of(changes) is { Lines.Length: > MaxLinesLength and var length })
        {
            fault(key, $"adds {length} bytes of header fields; allowed: up to {MaxLinesLength}");
        }

        void Check(string list, IEnumerable<(string? Name, string Below)>? names)
        {
            foreach (var (index, (name, below)) in (names ?? []).Index())
            {
                if (name is not null && FieldNames.Of(Encoding.ASCII.GetBytes(name)) is not (FieldName.Other or FieldName.RetryAfter or FieldName.ContentType or FieldName.GrpcStatus))
                {
                    fault($"{key}.{list}[{index}]{below}", $"{Faults.Quote(name)} is set by the gateway or frames the message; choose another field");
                }
            }
        }
    }

    private void CheckRedirect(RedirectSettings redirect, RouteSettings route)
    {
        if (redirect.Status is not (301 or 302 or 303 or 307 or 308))
        {
            fault("redirect.status", $"'{redirect.Status}' is not a redirect; allowed: 301, 302, 303, 307, 308");
        }

        if ((route.Path is null || RoutePath.FaultOf(route.Path) is null) && RedirectTemplate.FaultOf(redirect.Location, RoutePath.Of(route)) is { } what)
        {
            fault("redirect.location", $"{Faults.Quote(redirect.Location)} {what}");
        }
    }
}
