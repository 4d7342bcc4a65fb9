using System.Collections.Immutable;
using Gateway.Node.Settings;

namespace Gateway.Node.Tls;

/// <summary>
/// The certificates that clients are served with. Handshakes read an immutable snapshot; files are read apart from them, when settings are brought into
/// force.
/// </summary>
internal sealed partial class CertificateStore(ILogger<CertificateStore> log)
{
    private ServedCertificates _served = ServedCertificates.None;

    /// <summary>What a handshake that begins now goes by. By any thread.</summary>
    public ServedCertificates Current => Volatile.Read(ref _served);

    /// <summary>Reads the certificates of settings.</summary>
    /// <param name="settings">Null: there is no TLS.</param>
    /// <returns>What <see cref="Use"/> brings into force.</returns>
    /// <exception cref="IOException">A file cannot be used; the message names it.</exception>
    public static async Task<ServedCertificates> ReadAsync(TlsSettings? settings, CancellationToken cancellation)
    {
        var certificates = ImmutableArray.CreateBuilder<ServedCertificate>();
        ServedCertificate? byDefault = null;
        foreach (var files in settings?.Certificates ?? [])
        {
            var certificate = await ReadAsync(files, cancellation);
            certificates.Add(certificate);
            byDefault ??= files.IsDefault ? certificate : null;
        }

        return new(certificates.ToImmutable(), byDefault);
    }

    /// <summary>Serves clients with these from now on; sessions that there are go on.</summary>
    public void Use(ServedCertificates served)
    {
        foreach (var certificate in served.All)
        {
            Log.Loaded(log, certificate.Certificate.Subject, string.Join(", ", certificate.Names), certificate.NotAfter);
        }

        Volatile.Write(ref _served, served);
    }

    private static async Task<ServedCertificate> ReadAsync(CertificateFiles files, CancellationToken cancellation)
    {
        var (texts, unread) = await CertificateTexts.ReadAsync(files, File.ReadAllTextAsync, cancellation);
        return (texts is null ? unread : ServedCertificate.Parse(texts)) switch
        {
            CertificateResult.Loaded(var certificate) => certificate,
            CertificateResult.Faulty(var part, var what) => throw new IOException($"{CertificateTexts.PathOf(files, part)} {what}"),
            _ => throw new InvalidOperationException("no such result"),
        };
    }

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Information, "serving certificate {Subject} for {Names}, valid until {Until:yyyy-MM-dd HH:mm:ss} UTC")]
        public static partial void Loaded(ILogger logger, string subject, string names, DateTime until);
    }
}
