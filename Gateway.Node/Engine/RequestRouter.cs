using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;

namespace Gateway.Node.Engine;

/// <summary>Determines the target and the route of a request. Allocates nothing for a plain target; one that needs normalizing costs a string.</summary>
internal sealed partial class RequestRouter
{
    /// <summary>The characters of a target that, without dot segments and doubled slashes, is its own normal form.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "/?=&._-~:@!$'()*+,ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    private const int HttpsPort = 443;

    private readonly char[] _host = new char[64 * 1024];
    private readonly byte[] _target = new byte[64 * 1024];
    private readonly byte[] _matched = new byte[64 * 1024];
    private readonly byte[] _authority = new byte[1024];
    private int _targetLength;
    private int _authorityLength;
    private int _pathLength;
    private byte[] _rewritten = [];

    /// <summary>The length of the rewritten target; -1: not rewritten.</summary>
    private int _rewrittenLength;
    private bool _hasAuthority;

    /// <summary>The length of the path as routes compare it, if it is written differently; -1: the target's own.</summary>
    private int _matchedLength;

    /// <summary>The target to forward, after <see cref="Route"/>.</summary>
    public ReadOnlySpan<byte> Target => _rewrittenLength < 0 ? Written : _rewritten.AsSpan(0, _rewrittenLength);

    /// <summary>Path and query as the client wrote them, without dot segments.</summary>
    public ReadOnlySpan<byte> Written => _target.AsSpan(0, _targetLength);

    /// <summary>The query, after the question mark.</summary>
    public ReadOnlySpan<byte> Query => _pathLength < _targetLength ? Written[(_pathLength + 1)..] : [];

    /// <summary>The requested host: the authority of an absolute target, otherwise the Host field; may be empty.</summary>
    public ReadOnlySpan<byte> HostOf(RequestHead request, ReadOnlySpan<byte> head) =>
        _hasAuthority ? _authority.AsSpan(0, _authorityLength) : HostFieldOf(request, head);

    private static ReadOnlySpan<byte> HostFieldOf(RequestHead request, ReadOnlySpan<byte> head) =>
        request.Fields.Host >= 0 ? request.Fields.All[request.Fields.Host].ValueIn(head) : [];

    /// <summary>The requested host without port, as text; valid until the next request.</summary>
    public ReadOnlySpan<char> HostNameOf(RequestHead request, ReadOnlySpan<byte> head) =>
        HostName.Of(HostText(HostOf(request, head)));

    /// <param name="tried">Receives each route compared with the request; null: not needed.</param>
    public RoutingResult Route(
        RequestHead request, ReadOnlySpan<byte> head, GatewayState.Routing routing, ClientAddress client, ICollection<(RouteRule<Pool> Rule, RouteMismatch Mismatch)>? tried = null)
    {
        var settings = routing.Settings;
        (Plane, _hasAuthority) = (HttpcgPlane.None, false);
        var isRedirected = settings.Tls?.RedirectPort is not null && !client.AcceptsHttpcgTargets && !client.IsSecure(request, head, settings.TrustedProxies);
        var acceptsUrls = routing.AcceptsHttpcg || client.AcceptsHttpcgTargets;
        if (acceptsUrls && TakeUrl(request, head, client.AcceptsHttpcgTargets) is { } fault)
        {
            return new(RoutingKind.Refused, Problem: fault);
        }

        if (isRedirected && !IsUrlPath(head.Slice(request.TargetStart, request.TargetLength)))
        {
            Plane = HttpcgPlane.None; // After the redirect, the client sends X-Httpcg-Url again.
        }

        if (Plane == HttpcgPlane.None && !TakeTarget(request.Method, head.Slice(request.TargetStart, request.TargetLength), out _))
        {
            return new(RoutingKind.Refused, Problem: Problem.BadTarget);
        }

        if (acceptsUrls && Plane == HttpcgPlane.None && IsUrlPath(Compared))
        {
            return new(RoutingKind.Refused, Problem: HttpcgProblems.Disguised);
        }

        if (IsLastStop(request, head) || Target is [(byte)'*'])
        {
            return new(RoutingKind.LastStop);
        }

        if (isRedirected)
        {
            return OwnHostOf(request, head).IsEmpty ? new(RoutingKind.Refused, Problem: Problem.NoHost) : new(RoutingKind.ToTls);
        }

        var table = routing.Table;
        var route = (Plane == HttpcgPlane.None ? table.Only : null) ?? table.Match(Seen(request, head, table), tried);
        if (route is null)
        {
            return new(
                RoutingKind.Refused, Problem: table.MethodsFor(Seen(request, head, table)) is { Count: > 0 } allowed ? Problem.MethodNotAllowed(allowed)
                    : Plane == HttpcgPlane.None ? Problem.NoRoute
                    : HttpcgProblems.NoRoute(Plane, table.HasPlane(Plane)));
        }

        if (route.Actions is { IsAnswered: true })
        {
            return new(RoutingKind.Answered, Route: route);
        }

        var largest = route.Settings.MaxRequestBodySize ?? settings.Limits.MaxRequestBodySize ?? long.MaxValue;
        var pool = route.Split is { } split
            ? split.Choose(request.Fields, head, split.IsByClient ? client.KeyOf(request, head, settings.TrustedProxies) : 0, RequestRandom.Next(), out _)
            : route.Target;
        if (request.Fields.ContentLength > largest)
        {
            return new(RoutingKind.Refused, pool, largest, Problem.BodyTooLarge, route);
        }

        if (route.Actions?.Rewrite is { } rewrite)
        {
            Rewrite(rewrite);
        }

        return new(RoutingKind.Pool, pool, largest, Route: route);
    }

    /// <summary>The host as text; empty if it is too long for any host.</summary>
    private ReadOnlySpan<char> HostText(ReadOnlySpan<byte> host) =>
        host.Length > _host.Length ? [] : _host.AsSpan(0, Encoding.Latin1.GetChars(host, _host));

    /// <summary>The request as routes see it, once its target has been taken.</summary>
    public RoutedRequest Seen(RequestHead request, ReadOnlySpan<byte> head, RouteTable<Pool> table) => new(
        table.HasHosts(Plane) ? HostText(HostOf(request, head)) : [],
        Compared,
        Query,
        request.Method, request.Fields, head, Plane);

    /// <summary>The target of a route's redirect for this request.</summary>
    public string LocationOf(RedirectTemplate redirect, RequestHead request, ReadOnlySpan<byte> head) => redirect.Of(
        new(Encoding.Latin1.GetString(HostOf(request, head)), Compared, [], request.Method, request.Fields, head, Plane), Written, _pathLength);

    /// <summary>The URL of the same request over TLS.</summary>
    public string LocationOverTls(RequestHead request, ReadOnlySpan<byte> head, GatewaySettings settings)
    {
        var host = OwnHostOf(request, head);
        var colon = host.LastIndexOf((byte)':');
        var name = Encoding.Latin1.GetString(colon > host.LastIndexOf((byte)']') ? host[..colon] : host);
        var port = settings.Tls!.RedirectsTo!.Value;
        return string.Create(CultureInfo.InvariantCulture, $"https://{name}{(port == HttpsPort ? "" : $":{port}")}{UrlPathStart}{Encoding.Latin1.GetString(Written)}");
    }

    private ReadOnlySpan<byte> Compared => _matchedLength < 0 ? Written[.._pathLength] : _matched.AsSpan(0, _matchedLength);

    private void Rewrite(PathRewrite rewrite)
    {
        if (_rewritten.Length == 0)
        {
            _rewritten = new byte[_target.Length + PathRewrite.MaxAdded];
        }

        var length = rewrite.Write(_rewritten, Written[.._pathLength], Compared);
        Written[_pathLength..].CopyTo(_rewritten.AsSpan(length));
        _rewrittenLength = length + _targetLength - _pathLength;
    }

    private static bool IsLastStop(RequestHead request, ReadOnlySpan<byte> head) =>
        request.Fields.Has(FieldName.MaxForwards) && request.Method is "OPTIONS" or "TRACE" &&
        request.Fields.All[request.Fields.IndexOf(FieldName.MaxForwards)].ValueIn(head) is { IsEmpty: false } hops && !hops.ContainsAnyExcept((byte)'0');

    /// <summary>Takes a target as written.</summary>
    /// <param name="fault">The error, if the result is false.</param>
    private bool TakeTarget(string method, ReadOnlySpan<byte> raw, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        (_hasAuthority, _matchedLength, _rewrittenLength) = (false, -1, -1);
        if (raw[0] == '/' && !raw.ContainsAnyExcept(Plain))
        {
            var question = raw.IndexOf((byte)'?');
            _pathLength = question < 0 ? raw.Length : question;
            var path = raw[.._pathLength];
            if (path.IndexOf("/."u8) < 0 && path.IndexOf("//"u8) < 0)
            {
                raw.CopyTo(_target);
                _targetLength = raw.Length;
                return true;
            }
        }

        return Normalise(method, raw, out fault);
    }

    private bool Normalise(string method, ReadOnlySpan<byte> raw, [NotNullWhen(false)] out string? fault)
    {
        _pathLength = 0;
        fault = "it contains an encoded NUL";
        if (raw.IndexOf("%00"u8) >= 0 || !RequestTarget.TryParse(method, Encoding.Latin1.GetString(raw), out var target, out fault))
        {
            return false;
        }

        _pathLength = target.PathLength;
        _matchedLength = target.Path.SequenceEqual(target.PathAndQuery.AsSpan(0, _pathLength)) ? -1 : Encoding.Latin1.GetBytes(target.Path, _matched);
        _targetLength = Encoding.Latin1.GetBytes(target.PathAndQuery, _target);
        if (target.Authority is { } authority)
        {
            if (authority.Length > _authority.Length)
            {
                fault = "the URL's authority is too long";
                return false;
            }

            (_hasAuthority, _authorityLength) = (true, Encoding.Latin1.GetBytes(authority, _authority));
        }

        return true;
    }
}
