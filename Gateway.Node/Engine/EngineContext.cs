using Gateway.Http;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;
using Gateway.Node.State;
using Gateway.Node.Tracing;
using Gateway.Upstream;
using Gateway.Upstream.Http2;

namespace Gateway.Node.Engine;

/// <summary>How backends are reached; shared by all loops.</summary>
/// <param name="Connections">Each endpoint's connections, counted over all loops.</param>
/// <param name="Http2">The connections to backends that speak HTTP/2.</param>
/// <param name="Tls">How backends' certificates are verified.</param>
internal sealed record BackendAccess(ConnectionCounts Connections, Http2Pools Http2, BackendTls Tls);

/// <summary>How requests are recorded.</summary>
/// <param name="Access">Receives a record of each finished request; null: no access log.</param>
/// <param name="Tracing">Which requests are traced; null: none.</param>
internal readonly record struct RequestRecording(AccessQueue? Access, TraceRule? Tracing);

/// <summary>What all loops of one replica share.</summary>
/// <param name="State">The settings and pools in force.</param>
/// <param name="Http2">Creates the HTTP/2 clients of a loop.</param>
/// <param name="Limits">Bounds on messages, in bytes and fields.</param>
/// <param name="Clock">For durations and picks.</param>
/// <param name="Log">For events that should not happen.</param>
internal sealed record EngineContext(
    GatewayState State, GatewayMetrics Metrics, BackendAccess Backends, Func<ProxyLoop, IHttp2Clients> Http2, HttpLimits Limits, TimeProvider Clock, ILogger Log)
{
    public RequestRecording Recording { get; init; }

    /// <summary>Counts clients in and out; null: clients are not limited.</summary>
    public ClientAdmission? Admission { get; init; }
}
