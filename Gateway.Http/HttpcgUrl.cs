using System.Buffers;
using System.Text;

namespace Gateway.Http;

/// <summary>
/// A URL <c>httpcg://plane/authority/path?query#fragment</c>: the plane takes the place of the host in other URLs, and the authority that of the first path
/// segment. The parts refer to the parsed bytes, which must be kept while it is used. Strict: anything that two readers could read
/// differently is a fault. Nothing is decoded.
/// </summary>
public readonly ref struct HttpcgUrl
{
    private static readonly SearchValues<byte> Visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (byte)c)]);

    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    private const int MaxPortDigits = 5;

    private HttpcgUrl(HttpcgPlane plane, ReadOnlySpan<byte> authority, ReadOnlySpan<byte> rest)
    {
        Plane = plane;
        Authority = authority;
        var hash = rest.IndexOf((byte)'#');
        HasFragment = hash >= 0;
        Fragment = hash < 0 ? [] : rest[(hash + 1)..];
        rest = hash < 0 ? rest : rest[..hash];
        var question = rest.IndexOf((byte)'?');
        HasQuery = question >= 0;
        Query = question < 0 ? [] : rest[(question + 1)..];
        Path = question == 0 || rest.IsEmpty ? "/"u8 : question < 0 ? rest : rest[..question];
    }

    /// <summary>The prefix of the URL; case-insensitive.</summary>
    public static ReadOnlySpan<byte> Scheme => "httpcg://"u8;

    public HttpcgPlane Plane { get; }

    /// <summary>The host, optionally with a port, as written.</summary>
    public ReadOnlySpan<byte> Authority { get; }

    /// <summary>The path with its slash; a slash alone if the URL has none. Dot segments are kept.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>The query without the question mark.</summary>
    public ReadOnlySpan<byte> Query { get; }

    public bool HasQuery { get; }

    /// <summary>The fragment without the number sign.</summary>
    public ReadOnlySpan<byte> Fragment { get; }

    public bool HasFragment { get; }

    /// <summary>The length of the URL as written by <see cref="Write"/>, in bytes.</summary>
    public int Length => Scheme.Length + HttpcgPlanes.NameOf(Plane).Length + 1 + Authority.Length + TargetLength + (HasFragment ? 1 + Fragment.Length : 0);

    /// <summary>The length of path and query as written by <see cref="WriteTarget"/>, in bytes.</summary>
    public int TargetLength => Path.Length + (HasQuery ? 1 + Query.Length : 0);

    /// <summary>Parses a URL.</summary>
    /// <param name="url">Valid only if there is no fault.</param>
    public static HttpcgFault Parse(ReadOnlySpan<byte> text, out HttpcgUrl url)
    {
        url = default;
        return text.Length >= Scheme.Length && Ascii.EqualsIgnoreCase(text[..Scheme.Length], Scheme) ? ParseParts(text[Scheme.Length..], out url) : HttpcgFault.NoScheme;
    }

    /// <summary>Parses what follows the scheme: <c>plane/authority/path?query#fragment</c>.</summary>
    /// <param name="url">Valid only if there is no fault.</param>
    public static HttpcgFault ParseParts(ReadOnlySpan<byte> text, out HttpcgUrl url)
    {
        url = default;
        var planeLength = LengthUntil(text, "/?#"u8);
        var plane = HttpcgPlanes.Of(text[..planeLength]);
        if (plane == HttpcgPlane.None)
        {
            return FaultOfPlane(text[..planeLength]);
        }

        if (planeLength == text.Length || text[planeLength] != '/')
        {
            return HttpcgFault.NoAuthority;
        }

        var rest = text[(planeLength + 1)..];
        var authorityLength = LengthUntil(rest, "/?#"u8);
        var authority = rest[..authorityLength];
        rest = rest[authorityLength..];
        var fault = FaultOfAuthority(authority);
        fault = fault == HttpcgFault.None ? FaultOfRest(rest) : fault;
        if (fault == HttpcgFault.None)
        {
            url = new(plane, authority, rest);
        }

        return fault;
    }

    /// <summary>Whether two URLs are equal: plane and authority ignoring case, everything else byte for byte.</summary>
    public bool IsSame(HttpcgUrl other) =>
        Plane == other.Plane && Ascii.EqualsIgnoreCase(Authority, other.Authority) && Path.SequenceEqual(other.Path) &&
        HasQuery == other.HasQuery && Query.SequenceEqual(other.Query) && HasFragment == other.HasFragment && Fragment.SequenceEqual(other.Fragment);

    /// <summary>Writes it with scheme and plane in lower case, always with a path, the rest unchanged. Returns <see cref="Length"/>.</summary>
    public int Write(Span<byte> to)
    {
        var length = Put(to, 0, Scheme);
        length = Put(to, length, HttpcgPlanes.NameOf(Plane));
        length = Put(to, length, "/"u8);
        length = Put(to, length, Authority);
        length += WriteTarget(to[length..]);
        return HasFragment ? Put(to, Put(to, length, "#"u8), Fragment) : length;
    }

    /// <summary>Writes path and query as a request target. Returns <see cref="TargetLength"/>.</summary>
    public int WriteTarget(Span<byte> to)
    {
        var length = Put(to, 0, Path);
        return HasQuery ? Put(to, Put(to, length, "?"u8), Query) : length;
    }

    public override string ToString()
    {
        var bytes = new byte[Length];
        return Encoding.ASCII.GetString(bytes.AsSpan(0, Write(bytes)));
    }

    private static int Put(Span<byte> to, int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(to[at..]);
        return at + part.Length;
    }

    private static int LengthUntil(ReadOnlySpan<byte> text, ReadOnlySpan<byte> ends) => text.IndexOfAny(ends) is >= 0 and var end ? end : text.Length;

    private static HttpcgFault FaultOfPlane(ReadOnlySpan<byte> plane) =>
        plane.IsEmpty ? HttpcgFault.NoPlane
        : plane.Contains((byte)'@') ? HttpcgFault.UserInfo
        : plane.IndexOf((byte)':') is >= 0 and var colon && HttpcgPlanes.Of(plane[..colon]) != HttpcgPlane.None ? HttpcgFault.PlanePort
        : HttpcgFault.UnknownPlane;

    private static HttpcgFault FaultOfAuthority(ReadOnlySpan<byte> authority)
    {
        if (authority.IsEmpty)
        {
            return HttpcgFault.NoAuthority;
        }

        if (authority.Contains((byte)'@'))
        {
            return HttpcgFault.UserInfo;
        }

        var hostLength = authority[0] == '[' ? authority.IndexOf((byte)']') + 1 : LengthUntil(authority, ":"u8);
        if (!IsHost(authority[..hostLength]) || (hostLength < authority.Length && authority[hostLength] != ':'))
        {
            return HttpcgFault.BadAuthority;
        }

        return hostLength == authority.Length || (authority[(hostLength + 1)..] is { Length: <= MaxPortDigits } port && Octets.Number(port) is >= 1 and <= ushort.MaxValue) ? HttpcgFault.None : HttpcgFault.BadPort;
    }

    /// <summary>Names have no empty label except the final dot, so that a segment of dots is not a host.</summary>
    private static bool IsHost(ReadOnlySpan<byte> host) =>
        host is [(byte)'[', .. var address, (byte)']'] ? Ipv6Text.IsValid(address)
        : !host.IsEmpty && !host.ContainsAnyExcept(HostBytes) && host[0] != '.' && host.IndexOf(".."u8) < 0;

    private static HttpcgFault FaultOfRest(ReadOnlySpan<byte> rest)
    {
        if (rest.ContainsAnyExcept(Visible) || rest.Count((byte)'#') > 1)
        {
            return HttpcgFault.BadCharacter;
        }

        if (rest[..LengthUntil(rest, "?#"u8)].Contains((byte)'\\'))
        {
            return HttpcgFault.Backslash;
        }

        for (var percent = rest.IndexOf((byte)'%'); percent >= 0; percent = rest.IndexOf((byte)'%'))
        {
            if (rest.Length < percent + 3 || !char.IsAsciiHexDigit((char)rest[percent + 1]) || !char.IsAsciiHexDigit((char)rest[percent + 2]))
            {
                return HttpcgFault.BadEscape;
            }

            if (rest[(percent + 1)..(percent + 3)].SequenceEqual("00"u8))
            {
                return HttpcgFault.EncodedNul;
            }

            rest = rest[(percent + 3)..];
        }

        return HttpcgFault.None;
    }
}
