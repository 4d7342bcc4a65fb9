using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;
using Gateway.Node.State;
using Gateway.Node.Tracing;
using Gateway.Upstream;
using Gateway.Upstream.Http2;

namespace Gateway.Node.Engine;

/// <summary>What all loops of one replica share.</summary>
/// <param name="State">What the replica goes by now.</param>
/// <param name="Metrics">What is counted.</param>
/// <param name="Connections">The backends' connections, as they count over all loops.</param>
/// <param name="Http2">The connections to backends that speak HTTP/2.</param>
/// <param name="Tls">How TLS backends are checked.</param>
/// <param name="Limits">How much of a message is taken in.</param>
/// <param name="Clock">For durations and picks.</param>
/// <param name="Log">For what should not happen.</param>
/// <param name="Access">Who is told of each request; null: nobody.</param>
/// <param name="Tracing">Which requests are traced; null: none is.</param>
/// <param name="Door">Who is told when a counted client has left; null: none is counted.</param>
internal sealed record EngineContext(
    GatewayState State, GatewayMetrics Metrics, ConnectionCounts Connections, Http2Pools Http2, BackendTls Tls, HttpLimits Limits, TimeProvider Clock, ILogger Log,
    AccessQueue? Access = null, TraceRule? Tracing = null, ClientDoor? Door = null);
