using System.Text;
using Microsoft.Net.Http.Headers;

namespace Gateway.Upstream.Http1;

/// <summary>Recognises the known names, and gives each its one string: ASP.NET's own where it has one, which its collections find fastest.</summary>
internal static class KnownFields
{
    /// <summary>The bit that makes an ASCII letter a small one.</summary>
    private const byte LowerCase = 0x20;

    /// <summary>In the order of <see cref="KnownField"/>.</summary>
    private static readonly string[] Names =
    [
        "",
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.TE, HeaderNames.TransferEncoding,
        HeaderNames.Upgrade,
        HeaderNames.ContentEncoding, HeaderNames.ContentLength, HeaderNames.ContentRange, HeaderNames.ContentType, HeaderNames.Host,
        HeaderNames.Trailer,
        HeaderNames.AcceptRanges, HeaderNames.AccessControlAllowCredentials, HeaderNames.AccessControlAllowHeaders,
        HeaderNames.AccessControlAllowMethods, HeaderNames.AccessControlAllowOrigin, HeaderNames.AccessControlExposeHeaders,
        HeaderNames.AccessControlMaxAge, HeaderNames.Age, HeaderNames.Allow, HeaderNames.AltSvc, HeaderNames.CacheControl,
        HeaderNames.ContentDisposition, HeaderNames.ContentLanguage, HeaderNames.ContentLocation, HeaderNames.ContentSecurityPolicy,
        HeaderNames.Date, HeaderNames.ETag, HeaderNames.Expires, HeaderNames.LastModified, HeaderNames.Link, HeaderNames.Location,
        HeaderNames.Pragma, HeaderNames.ProxyAuthenticate, "Referrer-Policy", HeaderNames.RetryAfter, HeaderNames.Server, "Server-Timing",
        HeaderNames.SetCookie, HeaderNames.StrictTransportSecurity, HeaderNames.TraceParent, HeaderNames.Vary, HeaderNames.Via,
        HeaderNames.Warning, HeaderNames.WWWAuthenticate, HeaderNames.XContentTypeOptions, HeaderNames.XFrameOptions,
        HeaderNames.XPoweredBy, "X-Request-ID", HeaderNames.XXSSProtection,
    ];

    /// <summary>By length, since that tells most of them apart.</summary>
    private static readonly Candidate[][] ByLength = Arrange();

    /// <summary>The name as it is usually spelled; empty for <see cref="KnownField.None"/>.</summary>
    public static string NameOf(KnownField field) => Names[(int)field];

    /// <summary>Which name this is, in any case of letters.</summary>
    public static KnownField Of(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length >= ByLength.Length)
        {
            return KnownField.None;
        }

        var initial = (byte)(name[0] | LowerCase);
        foreach (ref readonly var candidate in ByLength[name.Length].AsSpan())
        {
            if (candidate.Initial == initial && Ascii.EqualsIgnoreCase(name, candidate.Name))
            {
                return candidate.Field;
            }
        }

        return KnownField.None;
    }

    private static Candidate[][] Arrange()
    {
        var arranged = new Candidate[Names.Max(name => name.Length) + 1][];
        for (var length = 0; length < arranged.Length; length++)
        {
            arranged[length] =
            [
                .. Names.Index().Where(each => each.Index > 0 && each.Item.Length == length)
                    .Select(each => new Candidate(Encoding.ASCII.GetBytes(each.Item), (byte)(each.Item[0] | LowerCase), (KnownField)each.Index)),
            ];
        }

        return arranged;
    }

    private readonly record struct Candidate(byte[] Name, byte Initial, KnownField Field);
}
