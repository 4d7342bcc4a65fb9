using System.Buffers;
using System.Text;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Hosting;
using Gateway.Node.Routing;
using Microsoft.Extensions.Primitives;

namespace Gateway.Node.Engine;

/// <summary>Finds what a request asks for and where it goes. Allocates nothing for a plain target; one that needs normalising costs a string.</summary>
internal sealed class RequestRouter
{
    /// <summary>A target of these alone, without dot segments and doubled slashes, is its own normal form.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "/?=&._-~:@!$'()*+,ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    private static readonly HeaderDictionary NoFields = [];

    private readonly char[] _chars = new char[64 * 1024];
    private readonly byte[] _target = new byte[64 * 1024];
    private readonly byte[] _authority = new byte[1024];
    private GatewayState.Routing? _routing;
    private bool _routesByField;
    private int _targetLength;
    private int _authorityLength;
    private bool _hasAuthority;
    private string? _matched;

    /// <summary>The target to forward, after <see cref="Route"/>.</summary>
    public ReadOnlySpan<byte> Target => _target.AsSpan(0, _targetLength);

    /// <summary>Whom the request names: the authority of an absolute target, else the Host field; may be empty.</summary>
    public ReadOnlySpan<byte> HostOf(RequestHead request, ReadOnlySpan<byte> head) =>
        _hasAuthority ? _authority.AsSpan(0, _authorityLength)
        : request.Fields.Host >= 0 ? request.Fields.All[request.Fields.Host].ValueIn(head)
        : [];

    public RoutingResult Route(RequestHead request, ReadOnlySpan<byte> head, GatewayState.Routing routing)
    {
        var settings = routing.Settings;
        if (!TakeTarget(request, head, out var pathLength))
        {
            return new(RoutingKind.Refused, Problem: Problem.BadTarget);
        }

        if (IsLastStop(request, head) || Target is [(byte)'*'])
        {
            return new(RoutingKind.LastStop);
        }

        var route = Match(request, head, routing, pathLength);
        if (route is null)
        {
            return new(RoutingKind.Refused, Problem: Problem.NoRoute);
        }

        var largest = route.Settings.MaxRequestBodySize ?? settings.Limits.MaxRequestBodySize ?? long.MaxValue;
        var pool = route.Target;
        if (request.Fields.ContentLength > largest)
        {
            return new(RoutingKind.Refused, pool, Problem: Problem.BodyTooLarge, Route: route.Settings.Name);
        }

        return new(RoutingKind.Pool, pool, largest, Route: route.Settings.Name);
    }

    private static bool IsLastStop(RequestHead request, ReadOnlySpan<byte> head) =>
        request.Fields.Has(FieldName.MaxForwards) && request.Method is "OPTIONS" or "TRACE" &&
        request.Fields.All[request.Fields.IndexOf(FieldName.MaxForwards)].ValueIn(head) is { IsEmpty: false } hops && !hops.ContainsAnyExcept((byte)'0');

    private Route<Pool>? Match(RequestHead request, ReadOnlySpan<byte> head, GatewayState.Routing routing, int pathLength)
    {
        if (!ReferenceEquals(routing, _routing))
        {
            (_routing, _routesByField) = (routing, routing.Settings.Routes.Any(r => !r.Headers.IsEmpty));
        }

        var path = _matched is null ? _chars.AsSpan(0, Encoding.Latin1.GetChars(Target[..pathLength], _chars)) : _matched.AsSpan();
        var room = _chars.AsSpan(pathLength);
        var hostChars = room[..Encoding.Latin1.GetChars(HostOf(request, head), room)];
        return routing.Table.Match(hostChars, path, request.Method, _routesByField ? FieldsOf(request, head) : NoFields);
    }

    private static HeaderDictionary FieldsOf(RequestHead request, ReadOnlySpan<byte> head)
    {
        var fields = new HeaderDictionary();
        foreach (ref readonly var field in request.Fields.All)
        {
            var name = Encoding.ASCII.GetString(field.NameIn(head));
            fields[name] = StringValues.Concat(fields[name], Encoding.Latin1.GetString(field.ValueIn(head)));
        }

        return fields;
    }

    private bool TakeTarget(RequestHead request, ReadOnlySpan<byte> head, out int pathLength)
    {
        var raw = head.Slice(request.TargetStart, request.TargetLength);
        (_hasAuthority, _matched) = (false, null);
        if (raw[0] == '/' && !raw.ContainsAnyExcept(Plain))
        {
            var question = raw.IndexOf((byte)'?');
            pathLength = question < 0 ? raw.Length : question;
            var path = raw[..pathLength];
            if (path.IndexOf("/."u8) < 0 && path.IndexOf("//"u8) < 0)
            {
                raw.CopyTo(_target);
                _targetLength = raw.Length;
                return true;
            }
        }

        return Normalise(request.Method, raw, out pathLength);
    }

    private bool Normalise(string method, ReadOnlySpan<byte> raw, out int pathLength)
    {
        pathLength = 0;
        if (raw.IndexOf("%00"u8) >= 0 || !RequestTarget.TryParse(method, Encoding.Latin1.GetString(raw), out var target, out _))
        {
            return false;
        }

        pathLength = target.PathLength;
        _matched = target.Path.SequenceEqual(target.PathAndQuery.AsSpan(0, pathLength)) ? null : target.Path.ToString();
        _targetLength = Encoding.Latin1.GetBytes(target.PathAndQuery, _target);
        if (target.Authority is { } authority)
        {
            if (authority.Length > _authority.Length)
            {
                return false;
            }

            (_hasAuthority, _authorityLength) = (true, Encoding.Latin1.GetBytes(authority, _authority));
        }

        return true;
    }
}
