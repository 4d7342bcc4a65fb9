using System.Buffers;

namespace Gateway.Node.Routing;

/// <summary>
/// A path as routes compare it. Servers differ in what they take for the same path; spellings that a common one reads as another path are
/// compared as that path, so that no spelling slips past the route it is meant for:
/// <list type="bullet">
/// <item>encoded unreserved characters are decoded (RFC 3986, 6.2.2.2): <c>/%61dmin</c> is <c>/admin</c>; <c>%c3</c> is <c>%C3</c></item>
/// <item>encoded slashes and backslashes separate segments: <c>/x%2Fadmin</c> is <c>/x/admin</c></item>
/// <item>a run of slashes is one: <c>//admin</c> is <c>/admin</c></item>
/// <item>parameters of a segment do not count: <c>/admin;v=1/x</c> is <c>/admin/x</c></item>
/// </list>
/// What is forwarded stays as the client wrote it.
/// </summary>
internal static class MatchedPath
{
    private const int OnStack = 512;

    private static readonly SearchValues<char> Special = SearchValues.Create("%;");

    /// <summary>The path as routes compare it; null: as it is.</summary>
    /// <param name="path">Without dot segments of its own.</param>
    /// <param name="fault">A dot segment shows only now (<c>/a/..%2Fadmin</c>, <c>/..;/admin</c>): some server would resolve it, so it is refused.</param>
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
    /// Where, in a path as it was written, what follows a prefix begins: behind the slashes that end it, however they are spelled; -1: nothing follows.
    /// </summary>
    /// <param name="prefixLength">Characters of the prefix as routes compare it, without a slash at its end.</param>
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

    /// <summary>The next character and how many it takes; encoded: it stays so.</summary>
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
