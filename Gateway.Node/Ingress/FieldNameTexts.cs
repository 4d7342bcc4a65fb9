using System.Collections.Frozen;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Gateway.Node.Ingress;

/// <summary>The names of answer fields as strings, without allocating common ones.</summary>
internal static class FieldNameTexts
{
    private const int MaxLength = 64;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Common = FrozenSet.ToFrozenSet(
    [
        HeaderNames.AcceptRanges, HeaderNames.AccessControlAllowCredentials, HeaderNames.AccessControlAllowHeaders, HeaderNames.AccessControlAllowMethods,
        HeaderNames.AccessControlAllowOrigin, HeaderNames.AccessControlExposeHeaders, HeaderNames.AccessControlMaxAge, HeaderNames.Age, HeaderNames.Allow,
        HeaderNames.AltSvc, HeaderNames.CacheControl, HeaderNames.ContentDisposition, HeaderNames.ContentEncoding, HeaderNames.ContentLanguage,
        HeaderNames.ContentRange, HeaderNames.ContentSecurityPolicy, HeaderNames.ContentType, HeaderNames.Date, HeaderNames.ETag, HeaderNames.Expires,
        HeaderNames.GrpcEncoding, HeaderNames.GrpcMessage, HeaderNames.GrpcStatus, HeaderNames.LastModified, HeaderNames.Link, HeaderNames.Location,
        HeaderNames.Pragma, "Proxy-Status", HeaderNames.RetryAfter, HeaderNames.Server, HeaderNames.SetCookie, HeaderNames.StrictTransportSecurity,
        HeaderNames.Trailer, HeaderNames.Vary, HeaderNames.Via, HeaderNames.WWWAuthenticate, HeaderNames.XContentTypeOptions, HeaderNames.XFrameOptions,
        HeaderNames.XPoweredBy,
    ], StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Of(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[MaxLength];
        return name.Length <= MaxLength && Common.TryGetValue(text[..Encoding.Latin1.GetChars(name, text)], out var known) ? known : Encoding.Latin1.GetString(name);
    }
}
