namespace Gateway.Upstream.Http2;

/// <summary>
/// The HTTP client wanted a second connection where it has one: all streams of that one are in use, or the endpoint lets it end. Nothing was
/// sent, or, where the request had been, the endpoint has said that it did nothing with it.
/// </summary>
internal sealed class NoRoomException() : Exception("the connection takes no more requests");
