namespace Gateway.Upstream.Http2;

/// <summary>
/// The HTTP client was about to send a request once more by itself. It does so where the endpoint has said that it did nothing with it
/// (REFUSED_STREAM), three times, and nobody would hear of it.
/// </summary>
internal sealed class ResendException() : Exception("the endpoint refused the request before doing anything with it");
