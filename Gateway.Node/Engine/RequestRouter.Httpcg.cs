using System.Text;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>The httpcg URL of a request: its target, its path, or in a field. Exactly one of them; anything ambiguous is refused.</summary>
internal sealed partial class RequestRouter
{
    /// <summary>The longest URL, in bytes: as long as a request line.</summary>
    private const int MaxUrlLength = 16 * 1024;

    private byte[] _composed = [];

    /// <summary>The plane of the request's httpcg URL, after <see cref="Route"/>; none: it has no such URL.</summary>
    public HttpcgPlane Plane { get; private set; }

    /// <summary>The start of a path that stands for a URL: <c>/httpcg/plane/authority/path</c>.</summary>
    private static ReadOnlySpan<byte> PathStart => "/httpcg"u8;

    /// <summary>The start of a target that is a URL.</summary>
    private static ReadOnlySpan<byte> SchemeStart => "httpcg:"u8;

    /// <summary>Takes the URL, if there is one: <see cref="Plane"/>, authority and target are then those of the URL.</summary>
    /// <param name="isOwn">Whether the request arrived at the httpcg listener.</param>
    /// <returns>Why the request is refused; null: it is not.</returns>
    private Problem? TakeUrl(RequestHead request, ReadOnlySpan<byte> head, bool isOwn)
    {
        var target = head.Slice(request.TargetStart, request.TargetLength);
        var isTarget = target.Length >= SchemeStart.Length && Ascii.EqualsIgnoreCase(target[..SchemeStart.Length], SchemeStart);
        var isPath = IsUrlPath(target);
        var fields = FieldsOf(request, head, out var text);
        if (fields > 1)
        {
            return HttpcgProblems.Repeated;
        }

        if (fields == 1 && (isTarget || isPath))
        {
            return HttpcgProblems.InTwoPlaces;
        }

        if (isTarget)
        {
            return isOwn ? TakeUrl(HttpcgUrl.Parse(target, out var whole), whole, isTarget: true) : HttpcgProblems.NotListening;
        }

        if (isPath)
        {
            var parts = target[PathStart.Length..];
            return TakeUrl(HttpcgUrl.ParseParts(parts is [(byte)'/', ..] ? parts[1..] : parts, out var written), written, isTarget: true);
        }

        if (fields == 1)
        {
            return target[0] == '/' ? TakeUrl(HttpcgUrl.Parse(text, out var url), url, isTarget: false) : HttpcgProblems.FieldWithoutPath;
        }

        return isOwn ? HttpcgProblems.Missing : null;
    }

    private Problem? TakeUrl(HttpcgFault fault, HttpcgUrl url, bool isTarget)
    {
        if (fault != HttpcgFault.None)
        {
            return HttpcgProblems.Of(fault);
        }

        if (isTarget && url.HasFragment)
        {
            return HttpcgProblems.Fragment;
        }

        if (url.Length > MaxUrlLength || url.Authority.Length > _authority.Length)
        {
            return HttpcgProblems.TooLong;
        }

        if (_composed.Length == 0)
        {
            _composed = new byte[MaxUrlLength];
        }

        if (!TakeTarget("GET", _composed.AsSpan(0, url.WriteTarget(_composed)), out var badPath))
        {
            return HttpcgProblems.BadUrl(badPath);
        }

        (_hasAuthority, _authorityLength, Plane) = (true, url.Authority.Length, url.Plane);
        url.Authority.CopyTo(_authority);
        return null;
    }

    /// <summary>Writes the URL with the path and query as routed; returns the number of bytes.</summary>
    public int WriteUrl(Span<byte> to)
    {
        var url = new ByteWriter(to);
        url.Write(HttpcgUrl.Scheme);
        url.Write(HttpcgPlanes.NameOf(Plane));
        url.Write("/"u8);
        url.Write(_authority.AsSpan(0, _authorityLength));
        url.Write(Written);
        return url.Length;
    }

    /// <summary>Plane and authority as the start of a path; empty without an httpcg URL.</summary>
    private string UrlPathStart => Plane == HttpcgPlane.None ? ""
        : $"{Encoding.ASCII.GetString(PathStart)}/{HttpcgPlanes.TextOf(Plane)}/{Encoding.ASCII.GetString(_authority.AsSpan(0, _authorityLength))}";

    /// <summary>The client's name for the gateway itself: the authority of an httpcg URL names another host. May be empty.</summary>
    private ReadOnlySpan<byte> OwnHostOf(RequestHead request, ReadOnlySpan<byte> head) =>
        Plane == HttpcgPlane.None ? HostOf(request, head) : HostFieldOf(request, head);

    /// <summary>Whether a path, as written, is that of an httpcg URL.</summary>
    private static bool IsUrlPath(ReadOnlySpan<byte> path) => path.StartsWith(PathStart) && (path.Length == PathStart.Length || path[PathStart.Length] is (byte)'/' or (byte)'?');

    /// <summary>Counts the fields with a URL, and returns the first. A name with underscores does not match, and is not passed on.</summary>
    private static int FieldsOf(RequestHead request, ReadOnlySpan<byte> head, out ReadOnlySpan<byte> url)
    {
        url = [];
        var count = 0;
        if (request.Fields.Has(FieldName.XHttpcgUrl))
        {
            foreach (ref readonly var field in request.Fields.All)
            {
                if (field.Name == FieldName.XHttpcgUrl && !field.NameIn(head).Contains((byte)'_') && count++ == 0)
                {
                    url = field.ValueIn(head);
                }
            }
        }

        return count;
    }
}
