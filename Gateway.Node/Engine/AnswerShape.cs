using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>How an answer is put to its client.</summary>
/// <param name="GatewayId">For Via.</param>
/// <param name="Date">The Date line, for an answer that has none.</param>
/// <param name="Closes">The client's connection ends with it.</param>
/// <param name="IsHttp10">The client speaks HTTP/1.0.</param>
/// <param name="IsChunked">Its body goes in chunks.</param>
/// <param name="IsEmpty">It has no body, whatever framed that.</param>
/// <param name="IsHttp2">It came over HTTP/2.</param>
/// <param name="Id">The request's id, which the client is told instead of what the backend says; null: that passes.</param>
/// <param name="Fields">What the route does to its fields; null: nothing.</param>
/// <param name="Cookie">A line that is added; null: none.</param>
/// <param name="Hsts">The line that tells of TLS, instead of what the backend says; null: that passes.</param>
internal readonly record struct AnswerShape(
    string GatewayId, byte[] Date, bool Closes, bool IsHttp10, bool IsChunked, bool IsEmpty, bool IsHttp2 = false, RequestId? Id = null, FieldEdit? Fields = null, byte[]? Cookie = null, byte[]? Hsts = null);
