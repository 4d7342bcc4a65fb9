namespace Gateway.Upstream;

/// <summary>The fields that say who forwarded a request (RFC 7239, RFC 9110 7.6.3), as they go to the endpoint.</summary>
/// <param name="Via">What is appended to the request's: <c>1.1 gateway-id</c>, with the version that the client spoke.</param>
/// <param name="For">X-Forwarded-For.</param>
/// <param name="Proto">X-Forwarded-Proto.</param>
/// <param name="Host">X-Forwarded-Host; null when the request named no host.</param>
/// <param name="Forwarded">Forwarded.</param>
public readonly record struct ForwardedFields(string Via, string For, string Proto, string? Host, string Forwarded);
