using System.Collections.Immutable;
using System.Text;

namespace Gateway.Node.Routing;

/// <summary>
/// Replaces the client's path for the backend. The remaining part stays as the client wrote it; a parameter's value is inserted as compared. Neither can form a
/// dot segment: the remaining part begins a segment of its own, and a parameter is a whole one.
/// </summary>
internal sealed class PathRewrite
{
    /// <summary>The most bytes added to a path.</summary>
    public const int MaxAdded = 4096;

    private readonly RoutePath _path;
    private readonly byte[] _prefix;
    private readonly ImmutableArray<(byte[] Literal, int Parameter)> _parts;

    private PathRewrite(RoutePath path, byte[] prefix, ImmutableArray<(byte[] Literal, int Parameter)> parts) => (_path, _prefix, _parts) = (path, prefix, parts);

    /// <summary>null if the path stays.</summary>
    public static PathRewrite? Of(RewriteSettings? settings, RoutePath path) => settings switch
    {
        null => null,
        { Path: { } template } => new(path, [], Parts(template, path)),
        _ => new(path, Encoding.ASCII.GetBytes(settings.ReplacePrefix?.TrimEnd('/') ?? ""), []),
    };

    /// <summary>Writes the path; returns the number of bytes.</summary>
    /// <param name="written">The path as the client wrote it, without dot segments.</param>
    /// <param name="compared">The path as routes compare it.</param>
    public int Write(Span<byte> to, ReadOnlySpan<byte> written, ReadOnlySpan<byte> compared)
    {
        if (!_parts.IsEmpty)
        {
            return WriteParts(to, compared);
        }

        _prefix.CopyTo(to);
        var length = _prefix.Length;
        var rest = _path.RestOf(written);
        if (rest >= 0 || length == 0)
        {
            to[length++] = (byte)'/';
        }

        if (rest >= 0)
        {
            written[rest..].CopyTo(to[length..]);
            length += written.Length - rest;
        }

        return length;
    }

    private static ImmutableArray<(byte[] Literal, int Parameter)> Parts(string template, RoutePath path) =>
        [.. template[1..].Split('/').Select(s => RoutePath.IsParameter(s) ? ([], path.Parameters.IndexOf(s[1..^1])) : (Encoding.ASCII.GetBytes(s), -1))];

    private int WriteParts(Span<byte> to, ReadOnlySpan<byte> compared)
    {
        var length = 0;
        foreach (var (literal, parameter) in _parts)
        {
            var part = parameter < 0 ? literal : _path.Captured(compared, parameter);
            to[length++] = (byte)'/';
            part.CopyTo(to[length..]);
            length += part.Length;
        }

        return length;
    }
}
