using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>The properties of a request that routes compare.</summary>
/// <param name="host">The authority or Host field, with or without port; may be empty.</param>
/// <param name="path">The path as routes compare it: see <see cref="MatchedPath"/>.</param>
/// <param name="query">The part after the question mark, as written.</param>
/// <param name="method">Case-sensitive.</param>
/// <param name="fields">Its header fields.</param>
/// <param name="head">The bytes that contain the fields.</param>
/// <param name="plane">The plane of its httpcg URL; none: it has no such URL.</param>
internal readonly ref struct RoutedRequest(
    ReadOnlySpan<char> host, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, string method, FieldSection fields, ReadOnlySpan<byte> head, HttpcgPlane plane = HttpcgPlane.None)
{
    /// <summary>The host without port.</summary>
    public readonly ReadOnlySpan<char> Host = HostName.Of(host);

    public readonly ReadOnlySpan<byte> Path = path;

    public readonly ReadOnlySpan<byte> Query = query;

    public readonly ReadOnlySpan<byte> Head = head;

    public HttpcgPlane Plane { get; } = plane;

    public string Method { get; } = method;

    public FieldSection Fields { get; } = fields;
}
