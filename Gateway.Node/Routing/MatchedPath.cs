using System.Buffers;

namespace Gateway.Node.Routing;

/// <summary>
/// A path as routes compare it. Servers differ in which paths they treat as the same; a spelling that a common server reads as another path is
/// compared as that path, so that no spelling bypasses the route meant for it:
/// <list type="bullet">
/// <item>encoded unreserved characters are decoded (RFC 3986 6.2.2.2): <c>/%61dmin</c> is <c>/admin</c>; <c>%c3</c> is <c>%C3</c></item>
/// <item>encoded slashes and backslashes separate segments: <c>/x%2Fadmin</c> is <c>/x/admin</c></item>
/// <item>consecutive slashes are one: <c>//admin</c> is <c>/admin</c></item>
/// <item>parameters of a segment are ignored: <c>/admin;v=1/x</c> is <c>/admin/x</c></item>
/// </list>
/// The forwarded path stays as the client wrote it.
/// </summary>
internal static class MatchedPath
{
    private const int OnStack = 512;

    private static readonly SearchValues<char> Special = SearchValues.Create("%;");

    /// <summary>The path as routes compare it; null if unchanged.</summary>
    /// <param name="path">Without dot segments of its own.</param>
    /// <param name="fault">
    /// Whether decoding reveals a dot segment (<c>/a/..%2Fadmin</c>, <c>/..;/admin</c>): some servers would resolve it, so it is refused.
    /// </param>
    public static string? Of(ReadOnlySpan<char> path, out bool fault)
    {
        fault = false;
        if (!path.ContainsAny(Special) && !path.Contains("//", StringComparison.Ordinal))
        {
            return null;
        }

        var plain = path.Length <= OnStack ? stackalloc char[OnStack] : new char[path.Length];
        var length = Write(path, plain);
        fault = DotSegments.Any(plain[..length]);
        return new string(plain[..length]);
    }

    /// <summary>
    /// The index in a path, as written, of the part after a prefix and the slashes that end it, however they are spelled; -1 if nothing follows.
    /// </summary>
    /// <param name="prefixLength">The length of the prefix as routes compare it, without a final slash.</param>
    public static int RestAfter(ReadOnlySpan<char> path, int prefixLength)
    {
        var (length, inParameters, afterSlash) = (0, false, false);
        for (var i = 0; i < path.Length;)
        {
            var (character, width, encoded) = Next(path[i..]);
            if (character == '/' && length >= prefixLength && !(afterSlash && length > 0))
            {
                while (i < path.Length && Next(path[i..]) is ('/', var slash, _))
                {
                    i += slash;
                }

                return i;
            }

            if (character == '/')
            {
                length += afterSlash ? 0 : 1;
                (inParameters, afterSlash) = (false, true);
            }
            else if (character == ';' && !encoded)
            {
                inParameters = true;
            }
            else if (!inParameters)
            {
                length += encoded ? 3 : 1;
                afterSlash = false;
            }

            i += width;
        }

        return -1;
    }

    private static int Write(ReadOnlySpan<char> path, Span<char> to)
    {
        var (length, inParameters) = (0, false);
        while (path.Length > 0)
        {
            var (character, width, encoded) = Next(path);
            if (character == '/')
            {
                inParameters = false;
                if (length == 0 || to[length - 1] != '/')
                {
                    to[length++] = '/';
                }
            }
            else if (character == ';' && !encoded)
            {
                inParameters = true;
            }
            else if (!inParameters && encoded)
            {
                to[length++] = '%';
                to[length++] = char.ToUpperInvariant(path[1]);
                to[length++] = char.ToUpperInvariant(path[2]);
            }
            else if (!inParameters)
            {
                to[length++] = character;
            }

            path = path[width..];
        }

        return length;
    }

    /// <summary>The next character and its width; an encoded one that stays encoded is marked.</summary>
    private static (char Character, int Width, bool Encoded) Next(ReadOnlySpan<char> path)
    {
        if (path[0] != '%' || path.Length < 3 || !char.IsAsciiHexDigit(path[1]) || !char.IsAsciiHexDigit(path[2]))
        {
            return (path[0], 1, false);
        }

        var decoded = (char)((HexValue(path[1]) << 4) | HexValue(path[2]));
        return decoded is '/' or '\\' ? ('/', 3, false)
            : char.IsAsciiLetterOrDigit(decoded) || decoded is '-' or '.' or '_' or '~' ? (decoded, 3, false)
            : (decoded, 3, true);
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
