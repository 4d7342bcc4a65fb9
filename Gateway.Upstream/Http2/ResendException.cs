namespace Gateway.Upstream.Http2;

/// <summary>
/// Thrown when the HTTP client is about to resend a request by itself. It does so up to three times, unnoticed, if the endpoint has
/// stated that it did not process the request (REFUSED_STREAM).
/// </summary>
internal sealed class ResendException() : Exception("the endpoint refused the request before processing it");
