using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>What of a request decides how its head is written.</summary>
/// <param name="Settings">The replica's settings.</param>
/// <param name="Pool">The pool's settings.</param>
/// <param name="ExpectsContinue">It asks for a word before its body is sent.</param>
/// <param name="IsWebSocket">It asks for a WebSocket.</param>
/// <param name="Id">The id that it bears; null: X-Request-Id passes as it is.</param>
/// <param name="Trace">Its place in its trace; null: traceparent and tracestate pass as they are.</param>
/// <param name="Fields">What the route does to its fields; null: nothing.</param>
/// <param name="HasDeadline">It is a gRPC call with a deadline, which is told anew with each attempt.</param>
/// <param name="Mirror">The line that says that it is a copy; null: it is none.</param>
internal readonly record struct RequestShape(
    GatewaySettings Settings, PoolSettings Pool, bool ExpectsContinue, bool IsWebSocket, RequestId? Id = null, RequestTrace? Trace = null, FieldEdit? Fields = null,
    bool HasDeadline = false, byte[]? Mirror = null);
