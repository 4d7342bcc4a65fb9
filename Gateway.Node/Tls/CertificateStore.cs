using System.Collections.Immutable;
using Gateway.Node.Certificates;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;

namespace Gateway.Node.Tls;

/// <summary>
/// The certificates served to clients. Handshakes read an immutable snapshot; files are read separately, when settings are applied and at each check.
/// </summary>
internal sealed partial class CertificateStore
{
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    /// <summary>Settings may be applied during a check.</summary>
    private readonly Lock _changing = new();

    private ServedCertificates _served = ServedCertificates.None;

    public CertificateStore(GatewayMetrics metrics, TimeProvider clock, ILogger<CertificateStore> log)
    {
        (_metrics, _clock, _log) = (metrics, clock, log);
        metrics.Registry.AddBeforeCollectCallback(() => metrics.Tls.Show(Current.Slots, clock.GetUtcNow()));
    }

    /// <summary>The certificates for a handshake that begins now. Thread-safe.</summary>
    public ServedCertificates Current => Volatile.Read(ref _served);

    /// <summary>Reads the certificates of settings.</summary>
    /// <param name="settings">Null: TLS is off.</param>
    /// <returns>The certificates for <see cref="Use"/>.</returns>
    /// <exception cref="IOException">A file cannot be used; the message names it.</exception>
    public async Task<ServedCertificates> ReadAsync(TlsSettings? settings, CancellationToken cancellation)
    {
        var slots = ImmutableArray.CreateBuilder<CertificateSlot>();
        foreach (var files in settings?.Certificates ?? [])
        {
            var running = Current.Slots.FirstOrDefault(slot => slot.Files with { IsDefault = files.IsDefault } == files);
            slots.Add(await CertificateSlot.ReadAsync(files, settings!.Engine, running, _clock.GetUtcNow(), cancellation));
        }

        return new(slots.ToImmutable(), settings?.Clients is { } clients ? await ClientTrust.ReadAsync(clients, cancellation) : null);
    }

    /// <summary>Serves these certificates from now on; existing sessions continue.</summary>
    public void Use(ServedCertificates served)
    {
        lock (_changing)
        {
            foreach (var slot in served.Slots.Where(slot => Current.Slots.All(running => running.Certificate != slot.Certificate)))
            {
                LogServed(slot);
            }

            Volatile.Write(ref _served, served);
        }
    }

    /// <summary>Checks all files, and serves renewed ones. Not concurrently.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        foreach (var slot in Current.Slots)
        {
            var (next, change) = await slot.CheckAsync(_clock.GetUtcNow(), cancellation);
            lock (_changing)
            {
                if (next != slot && Current.With(slot, next) is { } served)
                {
                    Volatile.Write(ref _served, served);
                    Report(next, change);
                }
            }
        }

        if (Current.Clients is { } trust)
        {
            await CheckAsync(trust, cancellation);
        }
    }

    private async Task CheckAsync(ClientTrust trust, CancellationToken cancellation)
    {
        var next = await trust.CheckAsync(cancellation);
        lock (_changing)
        {
            if (next == trust || Current.Clients != trust)
            {
                return;
            }

            Volatile.Write(ref _served, Current.With(next));
            if (next.Fault is { } fault)
            {
                Log.AuthoritiesRefused(_log, fault);
            }
            else
            {
                Log.AuthoritiesLoaded(_log, next.Settings.Authorities);
            }
        }
    }

    private void Report(CertificateSlot slot, CertificateChange change)
    {
        switch (change)
        {
            case CertificateChange.Renewed:
                LogServed(slot);
                _metrics.Tls.Reloaded(accepted: true);
                break;
            case CertificateChange.Refused:
                Log.Refused(_log, slot.Fault!, slot.Certificate.Certificate.Subject, slot.Certificate.NotAfter);
                _metrics.Tls.Reloaded(accepted: false);
                break;
            case CertificateChange.Outdated:
                Log.Outdated(_log, slot.Certificate.Certificate.Subject, slot.Files.Certificate, slot.Certificate.FaultAt(_clock.GetUtcNow())!);
                break;
            default:
                break;
        }
    }

    private void LogServed(CertificateSlot slot) =>
        Log.Loaded(_log, slot.Certificate.Certificate.Subject, string.Join(", ", slot.Certificate.Names), slot.Certificate.NotAfter);

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Information, "serving certificate {Subject} for {Names}, valid until {Until:yyyy-MM-dd HH:mm:ss} UTC", EventName = "certificate-loaded")]
        public static partial void Loaded(ILogger logger, string subject, string names, DateTime until);

        [LoggerMessage(121, LogLevel.Error, "{Fault}; still serving certificate {Subject}, valid until {Until:yyyy-MM-dd HH:mm:ss} UTC", EventName = "certificate-refused")]
        public static partial void Refused(ILogger logger, string fault, string subject, DateTime until);

        [LoggerMessage(123, LogLevel.Information, "client authorities loaded from {File}", EventName = "client-authorities-loaded")]
        public static partial void AuthoritiesLoaded(ILogger logger, string file);

        [LoggerMessage(124, LogLevel.Error, "{Fault}; keeping the current client authorities", EventName = "client-authorities-refused")]
        public static partial void AuthoritiesRefused(ILogger logger, string fault);

        [LoggerMessage(122, LogLevel.Error, "certificate {Subject} of {File} {Fault}; clients reject it", EventName = "certificate-outdated")]
        public static partial void Outdated(ILogger logger, string subject, string file, string fault);
    }
}
