namespace Gateway.Node.Routing;

/// <summary>The segments <c>.</c> and <c>..</c> of a path, and their removal (RFC 3986 5.2.4). <c>%2e</c> counts as a dot.</summary>
internal static class DotSegments
{
    private const int OnStack = 512;

    public static bool Any(ReadOnlySpan<char> path)
    {
        // Hardly any path contains one of these, and searching for them is faster than checking each segment.
        if (!path.Contains("/.", StringComparison.Ordinal) && !path.Contains("/%2", StringComparison.Ordinal))
        {
            return false;
        }

        while (path.Length > 0)
        {
            if (Dots(Segment(path)) > 0)
            {
                return true;
            }

            path = path[(1 + Segment(path).Length)..];
        }

        return false;
    }

    /// <summary>Removes them from the path, and leaves the rest unchanged. Returns the same string if there are none.</summary>
    /// <param name="pathLength">The end of the path, which begins with a slash.</param>
    public static string Remove(string pathAndQuery, int pathLength)
    {
        var path = pathAndQuery.AsSpan(0, pathLength);
        if (!Any(path))
        {
            return pathAndQuery;
        }

        var kept = pathLength <= OnStack ? stackalloc char[OnStack] : new char[pathLength];
        var length = 0;
        while (path.Length > 0)
        {
            var segment = Segment(path);
            var whole = path[..(1 + segment.Length)];
            path = path[whole.Length..];
            var dots = Dots(segment);
            if (dots == 2)
            {
                length = Math.Max(0, kept[..length].LastIndexOf('/'));
            }

            if (dots == 0)
            {
                whole.CopyTo(kept[length..]);
                length += whole.Length;
            }
            else if (path.IsEmpty)
            {
                // A path that ends in a dot segment is a directory: /a/b/.. is /a/.
                kept[length++] = '/';
            }
        }

        return string.Concat(kept[..length], pathAndQuery.AsSpan(pathLength));
    }

    /// <summary>The segment between the slash at the start and the next one.</summary>
    private static ReadOnlySpan<char> Segment(ReadOnlySpan<char> path)
    {
        var end = path[1..].IndexOf('/');
        return end < 0 ? path[1..] : path.Slice(1, end);
    }

    /// <summary>1 for a single dot, 2 for two dots, otherwise 0.</summary>
    private static int Dots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (segment.Length > 0)
        {
            var width = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (width == 0 || ++dots > 2)
            {
                return 0;
            }

            segment = segment[width..];
        }

        return dots;
    }
}
