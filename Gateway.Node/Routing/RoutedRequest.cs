using Gateway.Http;

namespace Gateway.Node.Routing;

/// <summary>What of a request routes look at.</summary>
/// <param name="host">The authority or Host field, with or without port; may be empty.</param>
/// <param name="path">The path as routes compare it: see <see cref="MatchedPath"/>.</param>
/// <param name="query">What follows the question mark, as it was written.</param>
/// <param name="method">With case.</param>
/// <param name="fields">Its header fields.</param>
/// <param name="head">The bytes that the fields lie in.</param>
/// <param name="plane">Of its httpcg URL; none: it has no such URL.</param>
internal readonly ref struct RoutedRequest(
    ReadOnlySpan<char> host, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, string method, FieldSection fields, ReadOnlySpan<byte> head, HttpcgPlane plane = HttpcgPlane.None)
{
    /// <summary>The host alone.</summary>
    public readonly ReadOnlySpan<char> Host = HostName.Of(host);

    public readonly ReadOnlySpan<byte> Path = path;

    public readonly ReadOnlySpan<byte> Query = query;

    public readonly ReadOnlySpan<byte> Head = head;

    public HttpcgPlane Plane { get; } = plane;

    public string Method { get; } = method;

    public FieldSection Fields { get; } = fields;
}
