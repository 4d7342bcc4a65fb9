using System.Collections.Immutable;
using System.Security.Authentication;
using Gateway.Node.Certificates;
using Gateway.Node.Recording;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>Counts handshakes with clients.</summary>
internal sealed class TlsMetrics(CollectorRegistry registry)
{
    private readonly TlsInstruments _instruments = new(registry);
    private int _handshakes;

    /// <summary>Handshakes in progress. Their clients are not counted as connected yet.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>Counts a handshake in progress; returns their number, including this one.</summary>
    public int HandshakeBegun() => Interlocked.Increment(ref _handshakes);

    public void HandshakeEnded() => Interlocked.Decrement(ref _handshakes);

    public void Succeeded(SslProtocols version) => _instruments.Handshakes.WithLabels(version == SslProtocols.Tls13 ? "1.3" : "1.2").Inc();

    public void Failed(HandshakeEnd end) => _instruments.HandshakeFailures.WithLabels(NameOf(end)).Inc();

    /// <summary>Counts a change of a certificate's files.</summary>
    /// <param name="accepted">Whether the new contents are served.</param>
    public void Reloaded(bool accepted) => _instruments.CertificateReloads.WithLabels(accepted ? "accepted" : "rejected").Inc();

    /// <summary>Updates the gauges of the certificates.</summary>
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
