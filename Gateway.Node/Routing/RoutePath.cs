using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Routing;

/// <summary>The kinds of a route's path, most specific first.</summary>
internal enum RoutePathKind
{
    /// <summary>One path.</summary>
    Exact,

    /// <summary>A fixed number of segments, some of which match anything.</summary>
    Template,

    /// <summary>All paths that begin with certain segments.</summary>
    Prefix,
}

/// <summary>The paths that a route matches, prepared. Immutable; matching allocates nothing.</summary>
internal sealed class RoutePath : IComparable<RoutePath>
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly byte[] _literal;

    /// <summary>The segments of a template; null matches any.</summary>
    private readonly ImmutableArray<byte[]?> _segments = [];

    private RoutePath(RoutePathKind kind, string literal)
    {
        (Kind, Text) = (kind, literal.Length == 0 ? "/" : literal);
        _literal = Encoding.UTF8.GetBytes(literal);
    }

    private RoutePath(string template, ImmutableArray<string> segments)
    {
        (Kind, Text, _literal) = (RoutePathKind.Template, template, []);
        Parameters = [.. segments.Where(IsParameter).Select(s => s[1..^1])];
        _segments = [.. segments.Select(s => IsParameter(s) ? null : Encoding.UTF8.GetBytes(s))];
    }

    public RoutePathKind Kind { get; }

    /// <summary>The path as routes compare it.</summary>
    public string Text { get; }

    /// <summary>The names of a template's parameters, from left to right.</summary>
    public ImmutableArray<string> Parameters { get; } = [];

    /// <summary>The bytes of the prefix, without a final slash.</summary>
    public int PrefixLength => Kind == RoutePathKind.Prefix ? _literal.Length : 0;

    /// <summary>The common first segment of all matching paths, with its slash; empty if there is none.</summary>
    public ReadOnlySpan<byte> FirstSegment => Kind == RoutePathKind.Template ? [] : FirstSegmentOf(_literal);

    public static RoutePath Of(RouteSettings route)
    {
        if (route.Path is not { } path)
        {
            return new(RoutePathKind.Prefix, Compared(route.PathPrefix).TrimEnd('/'));
        }

        var segments = Compared(path)[1..].Split('/').ToImmutableArray();
        return segments.Any(IsParameter) ? new(Compared(path), segments) : new(RoutePathKind.Exact, Compared(path));
    }

    /// <summary>Whether a segment of a template matches anything.</summary>
    public static bool IsParameter(string segment) => segment is ['{', _, .., '}'];

    public static ReadOnlySpan<byte> FirstSegmentOf(ReadOnlySpan<byte> path) =>
        path.IsEmpty ? [] : path[1..].IndexOf((byte)'/') is >= 0 and var end ? path[..(end + 1)] : path;

    public bool Takes(ReadOnlySpan<byte> path) => Kind switch
    {
        RoutePathKind.Exact => path.SequenceEqual(_literal),
        RoutePathKind.Prefix => path.StartsWith(_literal) && (path.Length == _literal.Length || _literal.Length == 0 || path[_literal.Length] == '/'),
        _ => MatchesSegments(path),
    };

    /// <summary>The index of the part after this prefix and its slash, in a matching path; -1 if nothing follows, not even a slash.</summary>
    /// <param name="written">The path as the client wrote it, without dot segments.</param>
    public int RestOf(ReadOnlySpan<byte> written) =>
        Kind != RoutePathKind.Prefix ? -1
        : !written.ContainsAny("%;"u8) && written.IndexOf("//"u8) < 0 ? (written.Length > _literal.Length ? _literal.Length + 1 : -1)
        : Routing.MatchedPath.RestAfter(Encoding.Latin1.GetString(written), _literal.Length);

    /// <summary>The segment of a matching path for one of this template's parameters.</summary>
    /// <param name="parameter">The index in <see cref="Parameters"/>.</param>
    public ReadOnlySpan<byte> Captured(ReadOnlySpan<byte> path, int parameter)
    {
        foreach (var segment in _segments)
        {
            path = path[1..];
            var end = path.IndexOf((byte)'/');
            var value = end < 0 ? path : path[..end];
            if (segment is null && parameter-- == 0)
            {
                return value;
            }

            path = path[value.Length..];
        }

        throw new ArgumentOutOfRangeException(nameof(parameter));
    }

    /// <summary>
    /// The more specific first: by kind; of two templates the one with a fixed segment where the other has any, from the left; of two prefixes the longer.
    /// </summary>
    public int CompareTo(RoutePath? other)
    {
        if (other is null || Kind != other.Kind)
        {
            return other is null ? -1 : Kind.CompareTo(other.Kind);
        }

        for (var i = 0; i < Math.Min(_segments.Length, other._segments.Length); i++)
        {
            if (_segments[i] is null != other._segments[i] is null)
            {
                return _segments[i] is null ? 1 : -1;
            }
        }

        return Kind == RoutePathKind.Prefix ? other._literal.Length.CompareTo(_literal.Length) : 0;
    }

    /// <summary>A text that is equal for paths that match the same: without the names of parameters.</summary>
    public string Meaning => Kind == RoutePathKind.Template ? $"/{string.Join('/', Text[1..].Split('/').Select(s => IsParameter(s) ? "{}" : s))}" : ToString();

    /// <summary>The error in a route's path; null: none.</summary>
    public static string? FaultOf(string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in path[1..].Split('/'))
        {
            if (!segment.AsSpan().ContainsAny('{', '}'))
            {
                continue;
            }

            if (!IsParameter(segment) || segment.AsSpan(1, segment.Length - 2).ContainsAnyExcept(NameCharacters))
            {
                return $"has the segment '{segment}'; braces must enclose a whole segment and contain a name";
            }

            if (!names.Add(segment[1..^1]))
            {
                return $"has {segment} twice";
            }
        }

        return null;
    }

    public override string ToString() => Kind == RoutePathKind.Prefix && Text != "/" ? $"{Text}/*" : Kind == RoutePathKind.Prefix ? "/*" : Text;

    private static string Compared(string path) => Routing.MatchedPath.Of(path, out _) ?? path;

    private bool MatchesSegments(ReadOnlySpan<byte> path)
    {
        foreach (var segment in _segments)
        {
            if (path.IsEmpty || path[0] != '/')
            {
                return false;
            }

            path = path[1..];
            var end = path.IndexOf((byte)'/');
            var value = end < 0 ? path : path[..end];
            if (segment is null ? value.IsEmpty : !value.SequenceEqual(segment))
            {
                return false;
            }

            path = path[value.Length..];
        }

        return path.IsEmpty;
    }
}
