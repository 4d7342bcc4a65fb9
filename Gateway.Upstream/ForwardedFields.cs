namespace Gateway.Upstream;

/// <summary>The fields that say who forwarded a request (RFC 7239, RFC 9110 7.6.3), as they go to the endpoint.</summary>
/// <param name="Via">What is appended to the request's: <c>1.1 gateway-id</c>, with the version that the client spoke.</param>
/// <param name="For">X-Forwarded-For.</param>
/// <param name="Proto">X-Forwarded-Proto.</param>
/// <param name="Host">X-Forwarded-Host; null when the request named no host.</param>
/// <param name="Forwarded">Forwarded.</param>
/// <param name="IsKept">It serves many requests, so that it pays to keep its bytes too.</param>
public sealed record ForwardedFields(string Via, string For, string Proto, string? Host, string Forwarded, bool IsKept = false)
{
    /// <summary>All but Via as HTTP/1.1 writes them, once they have been found fit to be written; null before, and where they are not kept.</summary>
    internal byte[]? Lines { get; set; }
}
