using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Routing;

/// <summary>A route's conditions, except the host, prepared. Immutable; matching allocates nothing.</summary>
/// <param name="planes">The planes of its requests.</param>
internal sealed class RouteRule<T>(Route<T> route, int place, PlaneSet planes) : IComparable<RouteRule<T>>
{
    private readonly ImmutableArray<string> _methods = route.Settings.Methods;
    private readonly ImmutableArray<(byte[] Name, byte[]? Value, byte[]? Prefix)> _headers =
        [.. route.Settings.Headers.Select(h => (Encoding.UTF8.GetBytes(h.Name), Bytes(h.Value), Bytes(h.Prefix)))];

    private readonly ImmutableArray<(byte[] Name, byte[]? Value)> _query = [.. route.Settings.Query.Select(q => (Encoding.UTF8.GetBytes(q.Name), Bytes(q.Value)))];

    public Route<T> Route { get; } = route;

    public RoutePath Path { get; } = route.Path;

    public PlaneSet Planes => planes;

    public ImmutableArray<string> Methods => _methods;

    /// <summary>Whether it takes every request to its hosts, of its planes.</summary>
    public bool MatchesAll => Path is { Kind: RoutePathKind.Prefix, PrefixLength: 0 } && _methods.IsEmpty && _headers.IsEmpty && _query.IsEmpty;

    /// <summary>
    /// The order of two routes of one host: the more specific path; then fewer planes; then a list of methods before any, the shorter first; then more header
    /// conditions, then more of them exact, then longer prefixes; then more parameters, then more of them exact; then the order in the settings.
    /// </summary>
    public int CompareTo(RouteRule<T>? other) => other is null ? -1 : First(
        Path.CompareTo(other.Path),
        planes.Count.CompareTo(other.Planes.Count),
        MethodCount.CompareTo(other.MethodCount),
        other._headers.Length.CompareTo(_headers.Length),
        other.ExactHeaders.CompareTo(ExactHeaders),
        other.PrefixBytes.CompareTo(PrefixBytes),
        other._query.Length.CompareTo(_query.Length),
        other.ExactParameters.CompareTo(ExactParameters),
        place.CompareTo(other.Place));

    /// <summary>The first condition that is not met, except the host: plane, path, headers, query, method.</summary>
    public RouteMismatch Judge(in RoutedRequest request)
    {
        if (!planes.Has(request.Plane))
        {
            return new(RouteMismatchKind.Plane);
        }

        if (!Path.Takes(request.Path))
        {
            return new(RouteMismatchKind.Path);
        }

        for (var i = 0; i < _headers.Length; i++)
        {
            if (!HasHeader(request, _headers[i]))
            {
                return new(RouteMismatchKind.Header, i);
            }
        }

        for (var i = 0; i < _query.Length; i++)
        {
            if (!QueryText.Has(request.Query, _query[i].Name, _query[i].Value))
            {
                return new(RouteMismatchKind.Query, i);
            }
        }

        return MatchesMethod(request.Method) ? default : new(RouteMismatchKind.Method);
    }

    private int Place => place;

    private int MethodCount => _methods.IsEmpty ? int.MaxValue : _methods.Length;

    private int ExactHeaders => _headers.Count(h => h.Value is not null);

    private int PrefixBytes => _headers.Sum(h => h.Prefix?.Length ?? 0);

    private int ExactParameters => _query.Count(q => q.Value is not null);

    private static int First(params ReadOnlySpan<int> comparisons)
    {
        foreach (var comparison in comparisons)
        {
            if (comparison != 0)
            {
                return comparison;
            }
        }

        return 0;
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static bool HasHeader(in RoutedRequest request, in (byte[] Name, byte[]? Value, byte[]? Prefix) condition)
    {
        foreach (ref readonly var field in request.Fields.All)
        {
            if (field.NameLength != condition.Name.Length || !Ascii.EqualsIgnoreCase(field.NameIn(request.Head), condition.Name))
            {
                continue;
            }

            var value = field.ValueIn(request.Head);
            if (condition.Value is not null ? value.SequenceEqual(condition.Value) : condition.Prefix is null || value.StartsWith(condition.Prefix))
            {
                return true;
            }
        }

        return false;
    }

    private bool MatchesMethod(string method)
    {
        if (_methods.IsEmpty)
        {
            return true;
        }

        foreach (var taken in _methods)
        {
            if (taken == method)
            {
                return true;
            }
        }

        return false;
    }
}
