using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Explaining;

/// <summary>Turns a request written on a command line into the head that a client would send.</summary>
internal static class RequestWords
{
    /// <summary>The head; null if the words are not a request. Invalid requests pass: the parser reports them.</summary>
    /// <param name="url">An http, https or httpcg URL, or a path with or without a query.</param>
    /// <param name="fields">Header fields: <c>name: value</c>. A Host field overrides the URL's host.</param>
    /// <param name="fault">The error if there is no head.</param>
    public static byte[]? HeadOf(string method, string url, ImmutableArray<string> fields, out string fault)
    {
        fault = "";
        if (method.Length == 0 || !method.All(c => char.IsAsciiLetterUpper(c) || c == '-'))
        {
            fault = $"'{method}' is not a method; allowed: upper-case letters, as in GET";
        }
        else if (fields.FirstOrDefault(f => f.IndexOf(':', StringComparison.Ordinal) <= 0) is { } field)
        {
            fault = $"'{field}' is not a field; allowed: 'Name: value'";
        }

        var (host, target) = url.StartsWith('/') || url == "*" ? ("", url) : Split(url);
        if (fault.Length == 0 && target is null)
        {
            fault = $"'{url}' is not a URL; allowed: http://host/path?query, httpcg://plane/host/path?query, or only the path";
        }

        if (fault.Length > 0)
        {
            return null;
        }

        var hasHost = fields.Any(f => f.StartsWith("Host:", StringComparison.OrdinalIgnoreCase));
        var lines = fields.Select(f => f + "\r\n").Prepend(hasHost ? "" : $"Host: {host}\r\n");
        return Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\n{string.Concat(lines)}\r\n");
    }

    public static bool IsHttpcg(string url) => url.StartsWith("httpcg:", StringComparison.OrdinalIgnoreCase);

    private static (string Host, string? Target) Split(string url)
    {
        url = url.Split('#')[0]; // Clients do not send the fragment.
        if (IsHttpcg(url))
        {
            return ("", url); // The parser reports its error.
        }

        var start = url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
        if (start == 0)
        {
            return ("", null);
        }

        var end = url.AsSpan(start).IndexOfAny('/', '?');
        return end < 0 ? (url[start..], "/") : (url.Substring(start, end), url[start + end] == '?' ? "/" + url[(start + end)..] : url[(start + end)..]);
    }
}
