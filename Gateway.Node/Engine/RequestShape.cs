using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>The properties of a request that decide how its head is written.</summary>
/// <param name="Settings">The replica's settings.</param>
/// <param name="Pool">The pool's settings.</param>
/// <param name="ExpectsContinue">Whether it expects 100 before its body is sent.</param>
/// <param name="IsWebSocket">Whether it asks for a WebSocket.</param>
/// <param name="Id">Its id; null: X-Request-Id passes unchanged.</param>
/// <param name="Trace">Its place in its trace; null: traceparent and tracestate pass unchanged.</param>
/// <param name="Fields">The route's changes to its fields; null: none.</param>
/// <param name="HasDeadline">Whether it is a gRPC call with a deadline, which is updated for each attempt.</param>
/// <param name="Mirror">The line that marks it as a copy; null: not a copy.</param>
internal readonly record struct RequestShape(
    GatewaySettings Settings, PoolSettings Pool, bool ExpectsContinue, bool IsWebSocket, RequestId? Id = null, RequestTrace? Trace = null, FieldEdit? Fields = null,
    bool HasDeadline = false, byte[]? Mirror = null);
