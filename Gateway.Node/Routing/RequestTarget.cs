using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>The forms of a request target that a proxy serves (RFC 9112 3.2); CONNECT is refused earlier.</summary>
public enum TargetForm
{
    /// <summary><c>/path?query</c>.</summary>
    Origin,

    /// <summary><c>http://host/path?query</c>.</summary>
    Absolute,

    /// <summary><c>*</c>, only for OPTIONS.</summary>
    Asterisk,
}

/// <summary>
/// The target of a request. It is forwarded as the client wrote it, with dot segments removed, including those with an encoded dot: <c>/a/../b%2Fc</c> becomes
/// <c>/b%2Fc</c>. It is routed by its meaning (<see cref="MatchedPath"/>). If the routed and the forwarded path differed, a client could reach through one
/// route what only another allows.
/// </summary>
public readonly record struct RequestTarget
{
    private readonly string? _matched;

    private static readonly SearchValues<char> Visible = SearchValues.Create(
        Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != '#').ToArray());

    private RequestTarget(TargetForm form, string? authority, string pathAndQuery)
    {
        Form = form;
        Authority = authority;
        PathAndQuery = pathAndQuery;
        PathLength = EndOfPath(pathAndQuery);
        _matched = MatchedPath.Of(PathAndQuery.AsSpan(0, PathLength), out var hasDots);
        HasHiddenDots = hasDots;
    }

    public TargetForm Form { get; }

    /// <summary>Host and port of the absolute form, which override the Host field; null in the other forms.</summary>
    public string? Authority { get; }

    /// <summary>The target to forward. Begins with a slash, or is <c>*</c>.</summary>
    public string PathAndQuery { get; }

    /// <summary>The characters of <see cref="PathAndQuery"/> before the question mark.</summary>
    public int PathLength { get; }

    /// <summary>The path to route by.</summary>
    public ReadOnlySpan<char> Path => _matched ?? PathAndQuery.AsSpan(0, PathLength);

    private bool HasHiddenDots { get; }

    /// <summary>Parses the target of the request line. Allocates nothing if the target stays unchanged.</summary>
    /// <param name="method">The request's method: <c>*</c> is allowed only for OPTIONS, and so is an absolute form without a path (RFC 9112 3.2.4).</param>
    /// <param name="fault">The error for the 400, if the result is false.</param>
    public static bool TryParse(string method, string raw, out RequestTarget target, [NotNullWhen(false)] out string? fault)
    {
        target = default;
        fault = null;
        if (raw.Length == 0)
        {
            fault = "the request target is empty";
        }
        else if (raw.AsSpan().ContainsAnyExcept(Visible))
        {
            fault = "the request target contains a space, a control character, a fragment or a character beyond ASCII";
        }
        else if (raw[0] == '/')
        {
            target = new(TargetForm.Origin, null, DotSegments.Remove(raw, EndOfPath(raw)));
        }
        else if (raw == "*" && method == "OPTIONS")
        {
            target = new(TargetForm.Asterisk, null, raw);
        }
        else
        {
            fault = Absolute(method, raw, out target);
        }

        if (fault is null && target.PathAndQuery.AsSpan(0, target.PathLength).Contains('\\'))
        {
            fault = "the path contains a backslash, which some servers treat as a slash";
        }
        else if (fault is null && target.HasHiddenDots)
        {
            fault = "the path contains a dot segment with an encoded slash or a parameter, which some servers resolve";
        }

        return fault is null;
    }

    /// <summary>Whether a path contains a segment <c>.</c> or <c>..</c>, in any spelling.</summary>
    public static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        if (DotSegments.Any(path))
        {
            return true;
        }

        MatchedPath.Of(path, out var hidden);
        return hidden;
    }

    private static string? Absolute(string method, string raw, out RequestTarget target)
    {
        target = default;
        var start = raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : raw.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : 0;
        if (start == 0)
        {
            return "the request target is not a path or an http or https URL";
        }

        var length = raw.AsSpan(start).IndexOfAny('/', '?');
        var authority = length < 0 ? raw[start..] : raw.Substring(start, length);
        if (HostName.Of(authority).IsEmpty || !HostText.IsValid(Encoding.Latin1.GetBytes(authority)))
        {
            return "the URL's authority is not host or host:port";
        }

        var rest = length < 0 ? "" : raw[(start + length)..];
        if (rest.Length == 0 && method == "OPTIONS")
        {
            rest = "*";
        }
        else if (rest.Length == 0 || rest[0] == '?')
        {
            rest = "/" + rest;
        }

        target = new(TargetForm.Absolute, authority, rest == "*" ? rest : DotSegments.Remove(rest, EndOfPath(rest)));
        return null;
    }

    private static int EndOfPath(string pathAndQuery) =>
        pathAndQuery.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question ? question : pathAndQuery.Length;
}
