using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>How an answer is written to its client.</summary>
/// <param name="GatewayId">The name in Via.</param>
/// <param name="Date">The Date line, for an answer without one.</param>
/// <param name="Closes">Whether the client's connection ends with the answer.</param>
/// <param name="IsHttp10">Whether the client speaks HTTP/1.0.</param>
/// <param name="IsChunked">Whether the body is sent in chunks.</param>
/// <param name="IsEmpty">Whether the answer has no body, however it was framed.</param>
/// <param name="IsHttp2">Whether the answer came over HTTP/2.</param>
/// <param name="Id">The request's id, sent instead of the backend's; null: the backend's passes.</param>
/// <param name="Fields">The route's changes to the fields; null: none.</param>
/// <param name="Cookie">A line to add; null: none.</param>
/// <param name="Hsts">The HSTS line, sent instead of the backend's; null: the backend's passes.</param>
internal readonly record struct AnswerShape(
    string GatewayId, byte[] Date, bool Closes, bool IsHttp10, bool IsChunked, bool IsEmpty, bool IsHttp2 = false, RequestId? Id = null, FieldEdit? Fields = null, byte[]? Cookie = null, byte[]? Hsts = null);
