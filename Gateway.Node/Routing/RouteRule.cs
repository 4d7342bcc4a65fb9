using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;

namespace Gateway.Node.Routing;

/// <summary>One route ready to be held against requests, its host apart.</summary>
internal sealed class RouteRule<T>(Route<T> route)
{
    private readonly string _prefix = route.Settings.MatchedPrefix;
    private readonly ImmutableArray<string> _methods = route.Settings.Methods;
    private readonly ImmutableArray<HeaderCondition> _headers = route.Settings.Headers;

    public Route<T> Route { get; } = route;

    public int PrefixLength => _prefix.Length;

    public bool HasMethods => !_methods.IsEmpty;

    public int HeaderCount => _headers.Length;

    public bool Takes(ReadOnlySpan<char> path, string method, IHeaderDictionary headers) =>
        TakesPath(path) && TakesMethod(method) && TakesHeaders(headers);

    private bool TakesPath(ReadOnlySpan<char> path) =>
        path.StartsWith(_prefix, StringComparison.Ordinal) &&
        (path.Length == _prefix.Length || _prefix.Length == 0 || path[_prefix.Length] == '/');

    private bool TakesMethod(string method)
    {
        if (_methods.IsEmpty)
            return true;

        foreach (var taken in _methods)
        {
            if (taken == method)
                return true;
        }

        return false;
    }

    private bool TakesHeaders(IHeaderDictionary headers)
    {
        foreach (var condition in _headers)
        {
            if (!headers.TryGetValue(condition.Name, out var lines) || (condition.Value is not null && !HasLine(lines, condition.Value)))
                return false;
        }

        return true;
    }

    private static bool HasLine(StringValues lines, string value)
    {
        foreach (var line in lines)
        {
            if (line == value)
                return true;
        }

        return false;
    }
}
