using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;
using Gateway.Node.State;
using Gateway.Node.Tracing;
using Gateway.Upstream;
using Gateway.Upstream.Http2;

namespace Gateway.Node.Engine;

/// <summary>Shared by all loops of one replica.</summary>
/// <param name="State">The settings and routes in force.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Connections">The backends' connections, counted over all loops.</param>
/// <param name="Http2">The connections to HTTP/2 backends.</param>
/// <param name="Tls">How TLS backends are verified.</param>
/// <param name="Limits">The limits on a message's size.</param>
/// <param name="Clock">For durations and picks.</param>
/// <param name="Log">For unexpected errors.</param>
/// <param name="Access">Receives a record of each request; null: none.</param>
/// <param name="Tracing">Which requests are traced; null: none.</param>
/// <param name="Door">Notified when a counted client has left; null: none are counted.</param>
internal sealed record EngineContext(
    GatewayState State, GatewayMetrics Metrics, ConnectionCounts Connections, Http2Pools Http2, BackendTls Tls, HttpLimits Limits, TimeProvider Clock, ILogger Log,
    AccessQueue? Access = null, TraceRule? Tracing = null, ClientDoor? Door = null);
