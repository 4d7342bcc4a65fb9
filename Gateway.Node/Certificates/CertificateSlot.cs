using System.Security.Cryptography;
using System.Text;
using Gateway.Actors.Inspection;
using Gateway.Node.Settings;

namespace Gateway.Node.Certificates;

/// <summary>
/// One certificate of the settings: the served pair, and the result of the last check of its files. Immutable; a check returns the next one.
/// <code>
/// served = files -another pair, usable-> served = files (Renewed)
///       |  ^
///       |  +------usable, or what is served-------+
///       +-unusable, or not valid by date-> served, fault (may be half written) -at fault again-> served, fault (Refused, once for each content)
/// </code>
/// </summary>
internal sealed record CertificateSlot
{
    private CertificateSlot(CertificateFiles files, TlsEngine engine, ServedCertificate certificate, string digest, bool isOutdated) =>
        (Files, _engine, Certificate, _digest, _seen, _isOutdatedReported) = (files, engine, certificate, digest, digest, isOutdated);

    /// <summary>The engine that serves it.</summary>
    private readonly TlsEngine _engine;

    /// <summary>The digest of the texts of the served certificate.</summary>
    private readonly string _digest;

    /// <summary>The digest of the files' contents at the last check; null if they could not be read.</summary>
    private string? _seen;

    /// <summary>The result of parsing <see cref="_seen"/>, so that refused files are not parsed again at each check; null: it is the served one.</summary>
    private (ServedCertificate? Certificate, string? Fault)? _tried;

    private bool _isRefusalReported;
    private bool _isOutdatedReported;

    public CertificateFiles Files { get; private init; }

    /// <summary>The certificate served to clients.</summary>
    public ServedCertificate Certificate { get; }

    /// <summary>Why the files differ from the served certificate, as a sentence; null: they do not.</summary>
    public string? Fault { get; private init; }

    /// <summary>Creates the slot of a configured certificate.</summary>
    /// <param name="engine">The engine that will serve it.</param>
    /// <param name="running">The slot already serving the same files; null: none.</param>
    /// <exception cref="IOException">A file cannot be used; the message names it.</exception>
    public static async Task<CertificateSlot> ReadAsync(
        CertificateFiles files, TlsEngine engine, CertificateSlot? running, DateTimeOffset now, CancellationToken cancellation)
    {
        var (texts, unread) = await CertificateTexts.ReadAsync(files, File.ReadAllTextAsync, cancellation);
        var (certificate, fault) = CertificateOf(files, engine, texts, unread);
        if (certificate is null)
        {
            throw new IOException(fault);
        }

        return running is null
            ? new(files, engine, certificate, DigestOf(texts!), isOutdated: certificate.FaultAt(now) is not null)
            : (running with { Files = files, Fault = null, _tried = null, _isRefusalReported = false }).After(texts, unread, now).Next;
    }

    /// <summary>Checks the files.</summary>
    public async Task<(CertificateSlot Next, CertificateChange Change)> CheckAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var (texts, unread) = await CertificateTexts.ReadAsync(Files, File.ReadAllTextAsync, cancellation);
        return After(texts, unread, now);
    }

    /// <summary>The slot after a check of its files.</summary>
    /// <param name="texts">Their contents; null: see <paramref name="unread"/>.</param>
    /// <param name="unread">Why they cannot be read.</param>
    public (CertificateSlot Next, CertificateChange Change) After(CertificateTexts? texts, CertificateResult.Faulty? unread, DateTimeOffset now)
    {
        var digest = texts is null ? null : DigestOf(texts);
        if (digest == _digest)
        {
            return KeepCurrent(null, digest, now);
        }

        var tried = digest is not null && digest == _seen && _tried is { } known ? known : CertificateOf(Files, _engine, texts, unread);
        var (certificate, fault) = tried;
        if (certificate?.FaultAt(now) is { } outdated && Certificate.FaultAt(now) is null)
        {
            fault = $"{Files.Certificate} {outdated}";
        }

        return fault is null
            ? (new(Files, _engine, certificate!, digest!, isOutdated: certificate!.FaultAt(now) is not null), CertificateChange.Renewed)
            : KeepCurrent(fault, digest, now, tried);
    }

    public CertificateReport ReportAt(DateTimeOffset now)
    {
        var served = Certificate.Certificate;
        var state = now.UtcDateTime > Certificate.NotAfter ? CertificateState.Expired
            : now.UtcDateTime < Certificate.NotBefore ? CertificateState.NotYetValid
            : CertificateState.Valid;
        return new(
            Certificate.Names, served.Subject, served.Issuer, served.GetCertHashString(HashAlgorithmName.SHA256), Certificate.NotBefore, Certificate.NotAfter,
            (Certificate.NotAfter - now.UtcDateTime).TotalSeconds, Files.Certificate, Files.IsDefault, state, Fault);
    }

    /// <summary>The next slot, with the same certificate.</summary>
    private (CertificateSlot Next, CertificateChange Change) KeepCurrent(
        string? fault, string? digest, DateTimeOffset now, (ServedCertificate? Certificate, string? Fault)? tried = null)
    {
        var isKnown = fault is null || (_isRefusalReported && fault == Fault && digest == _seen);
        var isOutdated = Certificate.FaultAt(now) is not null;
        var change = Fault is not null && !isKnown ? CertificateChange.Refused
            : isOutdated && !_isOutdatedReported ? CertificateChange.Outdated
            : CertificateChange.None;
        var next = this with
        {
            Fault = fault,
            _seen = digest,
            _tried = tried,
            _isRefusalReported = fault is not null && (isKnown || change == CertificateChange.Refused),
            _isOutdatedReported = isOutdated && (_isOutdatedReported || change == CertificateChange.Outdated),
        };
        return (next, change);
    }

    private static (ServedCertificate? Certificate, string? Fault) CertificateOf(
        CertificateFiles files, TlsEngine engine, CertificateTexts? texts, CertificateResult.Faulty? unread) =>
        (texts is null ? unread : ServedCertificate.Parse(texts, engine)) switch
        {
            CertificateResult.Loaded(var certificate) when certificate.Names.IsEmpty && !files.IsDefault =>
                (null, $"{files.Certificate} has no DNS name, so no client would get it"),
            CertificateResult.Loaded(var certificate) => (certificate, null),
            CertificateResult.Faulty(var part, var what) => (null, $"{CertificateTexts.PathOf(files, part)} {what}"),
            _ => throw new InvalidOperationException("unexpected result"),
        };

    private static string DigestOf(CertificateTexts texts) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{texts.Certificate}\0{texts.Key}\0{texts.Password}")));
}
