using System.Text;
using Gateway.Http;
using Gateway.Node.Routing;

namespace Gateway.Tests.Routing;

/// <summary>A request as seen by routes, parsed from a head like the engine's.</summary>
internal sealed class AskedRequest
{
    private readonly RequestHead _parsed = new(HttpLimits.Default);
    private readonly byte[] _head;
    private readonly byte[] _path;
    private readonly byte[] _query;
    private readonly string _host;

    /// <param name="fields">Field lines without their ends.</param>
    public AskedRequest(string host, string target = "/", string method = "GET", params string[] fields)
    {
        _head = Encoding.Latin1.GetBytes($"{method} / HTTP/1.1\r\nHost: {host}\r\n{string.Concat(fields.Select(f => f + "\r\n"))}\r\n");
        Assert.Equal(HeadState.Complete, _parsed.Parse(_head));
        var question = target.IndexOf('?', StringComparison.Ordinal);
        _host = host;
        _path = Encoding.Latin1.GetBytes(question < 0 ? target : target[..question]);
        _query = question < 0 ? [] : Encoding.Latin1.GetBytes(target[(question + 1)..]);
    }

    /// <summary>The plane of its httpcg URL; none: it has no such URL.</summary>
    public HttpcgPlane Plane { get; init; }

    public RoutedRequest Request => new(_host, _path, _query, _parsed.Method, _parsed.Fields, _head, Plane);

    public string? In(RouteTable<string> table) => table.Match(Request)?.Settings.Name;

    public IEnumerable<string> MethodsIn(RouteTable<string> table) => table.MethodsFor(Request);
}
