using System.Security.Authentication;
using Gateway.Node.Tls;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>Counts what becomes of handshakes with clients.</summary>
internal sealed class TlsMetrics(CollectorRegistry registry)
{
    private readonly TlsInstruments _instruments = new(registry);

    public void Succeeded(SslProtocols version) => _instruments.Handshakes.WithLabels(version == SslProtocols.Tls13 ? "1.3" : "1.2").Inc();

    public void Failed(HandshakeEnd end) => _instruments.HandshakeFailures.WithLabels(NameOf(end)).Inc();

    public static string NameOf(HandshakeEnd end) => end switch
    {
        HandshakeEnd.Closed => "closed",
        HandshakeEnd.Timeout => "timeout",
        HandshakeEnd.UnknownName => "unknown-name",
        _ => "protocol",
    };
}
