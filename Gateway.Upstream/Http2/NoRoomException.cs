namespace Gateway.Upstream.Http2;

/// <summary>
/// Thrown when the HTTP client wants a second connection: all streams of the first are in use, or the endpoint is closing it. The request
/// was not sent, or the endpoint has stated that it did not process it.
/// </summary>
internal sealed class NoRoomException() : Exception("the connection accepts no more requests");
