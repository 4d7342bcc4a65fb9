using System.Collections.Immutable;
using System.Security.Authentication;
using Gateway.Node.Certificates;
using Gateway.Node.Recording;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>Counts what becomes of handshakes with clients.</summary>
internal sealed class TlsMetrics(CollectorRegistry registry)
{
    private readonly TlsInstruments _instruments = new(registry);
    private int _handshakes;

    /// <summary>Handshakes that have begun and not ended. Those who make them are clients that are not counted as connected yet.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>A handshake begins; answers how many are under way, this one among them.</summary>
    public int HandshakeBegun() => Interlocked.Increment(ref _handshakes);

    public void HandshakeEnded() => Interlocked.Decrement(ref _handshakes);

    public void Succeeded(SslProtocols version) => _instruments.Handshakes.WithLabels(version == SslProtocols.Tls13 ? "1.3" : "1.2").Inc();

    public void Failed(HandshakeEnd end) => _instruments.HandshakeFailures.WithLabels(NameOf(end)).Inc();

    /// <summary>The files of a certificate have changed.</summary>
    /// <param name="accepted">Whether what they hold now is served.</param>
    public void Reloaded(bool accepted) => _instruments.CertificateReloads.WithLabels(accepted ? "accepted" : "rejected").Inc();

    /// <summary>Brings the gauges of the certificates up to date.</summary>
    public void Show(ImmutableArray<CertificateSlot> slots, DateTimeOffset now)
    {
        var expiry = _instruments.CertificateExpiry;
        foreach (var gone in expiry.GetAllLabelValues().Where(labels => slots.All(slot => slot.Files.Certificate != labels[0])))
        {
            expiry.RemoveLabelled(gone);
        }

        foreach (var slot in slots)
        {
            expiry.WithLabels(slot.Files.Certificate).Set((slot.Certificate.NotAfter - now.UtcDateTime).TotalSeconds);
        }
    }

    public static string NameOf(HandshakeEnd end) => end switch
    {
        HandshakeEnd.Closed => "closed",
        HandshakeEnd.Timeout => "timeout",
        HandshakeEnd.UnknownName => "unknown-name",
        HandshakeEnd.NoCertificate => "no-certificate",
        HandshakeEnd.BadCertificate => "bad-certificate",
        _ => "protocol",
    };
}
