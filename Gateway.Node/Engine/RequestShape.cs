using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Node.Settings;

namespace Gateway.Node.Engine;

/// <summary>The properties of a request that decide which fields the backend is sent.</summary>
[Flags]
internal enum RequestTraits : byte
{
    None = 0,

    /// <summary>The client waits for 100 (Continue) before it sends its body.</summary>
    ExpectsContinue = 1,

    /// <summary>The request opens a WebSocket.</summary>
    WebSocket = 2,

    /// <summary>A gRPC call with a deadline: each attempt is sent the time that is left.</summary>
    HasDeadline = 4,
}

/// <summary>How the head of a request is written for a backend.</summary>
/// <param name="Endpoint">Host and port of the endpoint, for pools that send them as Host.</param>
internal readonly record struct RequestShape(GatewaySettings Settings, PoolSettings Pool, string Endpoint, RequestTraits Traits)
{
    /// <summary>The request's id; null: the client's X-Request-Id passes.</summary>
    public RequestId? Id { get; init; }

    /// <summary>The request's place in its trace; null: traceparent and tracestate pass.</summary>
    public RequestTrace? Trace { get; init; }

    /// <summary>The route's changes to the request's fields; null: none.</summary>
    public FieldEdit? Fields { get; init; }

    /// <summary>The line that marks a mirrored copy; null: the request is not a copy.</summary>
    public byte[]? Mirror { get; init; }

    public bool Is(RequestTraits traits) => (Traits & traits) != 0;

    /// <summary>Returns the traits that a request's head shows.</summary>
    public static RequestTraits TraitsOf(bool expectsContinue, bool isWebSocket, bool hasDeadline) =>
        (expectsContinue ? RequestTraits.ExpectsContinue : 0) | (isWebSocket ? RequestTraits.WebSocket : 0) | (hasDeadline ? RequestTraits.HasDeadline : 0);
}
