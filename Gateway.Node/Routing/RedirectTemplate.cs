using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Routing;

/// <summary>
/// The target of a redirect. A client cannot make it lead to another host: before the first slash of the path only the request's own host may be inserted, and
/// a path never begins with two slashes.
/// </summary>
internal sealed class RedirectTemplate(RedirectSettings settings, RoutePath path)
{
    private static readonly ImmutableArray<string> Known = ["host", "path", "query", "rest"];

    private static readonly ImmutableArray<string> AuthorityEnds = ["/", "?", "{path}", "{query}", "{rest}"];

    private readonly ImmutableArray<string> _parts = Split(settings.Location);

    public int Status => settings.Status;

    /// <summary>The error in a location; null: none.</summary>
    public static string? FaultOf(string location, RoutePath path)
    {
        var start = AuthorityOf(location);
        if (start < 0 || location.StartsWith("//", StringComparison.Ordinal) || (start > 0 && EndOfAuthority(location, start) == start))
        {
            return "is not a path or an http or https URL; allowed: /path or https://host/path";
        }

        if (start > 0 && location[start..EndOfAuthority(location, start)].Replace("{host}", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal))
        {
            return "has a variable in its host; only {host} is allowed there";
        }

        var allowed = Known.AddRange(path.Parameters);
        foreach (var part in Split(location))
        {
            var isVariable = part is ['{', .., '}'];
            if (!isVariable && part.AsSpan().ContainsAny('{', '}'))
            {
                return "has an unmatched brace; allowed: {name}";
            }

            if (isVariable && !allowed.Contains(part[1..^1]))
            {
                return $"has the unknown variable {part}; allowed: {string.Join(", ", allowed.Select(a => $"{{{a}}}"))}";
            }
        }

        return null;
    }

    /// <summary>The location for a request.</summary>
    /// <param name="written">Path and query as the client wrote them, without dot segments.</param>
    /// <param name="pathLength">The bytes of the path.</param>
    public string Of(in RoutedRequest request, ReadOnlySpan<byte> written, int pathLength)
    {
        var location = new StringBuilder();
        foreach (var part in _parts)
        {
            location.Append(part switch
            {
                "{host}" => request.Host.ToString(),
                "{path}" => OneSlash(Encoding.Latin1.GetString(written[..pathLength])),
                "{query}" => Encoding.Latin1.GetString(written[pathLength..]),
                "{rest}" => path.RestOf(written[..pathLength]) is >= 0 and var rest ? "/" + Encoding.Latin1.GetString(written[rest..pathLength]) : "",
                ['{', .., '}'] => Encoding.Latin1.GetString(path.Captured(request.Path, path.Parameters.IndexOf(part[1..^1]))),
                _ => part,
            });
        }

        return settings.Location[0] == '/' ? OneSlash(location.ToString()) : location.ToString();
    }

    private static string OneSlash(string path) => "/" + path.TrimStart('/');

    /// <summary>The index of the authority; 0: a path; -1: neither.</summary>
    private static int AuthorityOf(string location) =>
        location.StartsWith('/') ? 0
        : location.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
        : location.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
        : -1;

    private static int EndOfAuthority(string location, int start) =>
        AuthorityEnds.Select(end => location.IndexOf(end, start, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(location.Length).Min();

    /// <summary>Splits a location into text and <c>{name}</c>, alternating.</summary>
    private static ImmutableArray<string> Split(string location)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var rest = location.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}') + open;
            var end = open != 0 ? (open < 0 ? rest.Length : open) : close > open ? close + 1 : rest.Length;
            parts.Add(rest[..end].ToString());
            rest = rest[end..];
        }

        return parts.ToImmutable();
    }
}
