using Gateway.Node.Certificates;

namespace Gateway.Node.Settings.Binding;

/// <summary>Reads the certificates for clients, so that their errors are reported with all others.</summary>
internal sealed class ServedCertificateCheck(SettingsSource source, LayeredSettings given, Faults faults, TimeProvider clock)
{
    private const string Allowed = "the path of a readable PEM file";

    public async Task RunAsync(TlsSettings settings, CancellationToken cancel)
    {
        var servedBy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < settings.Certificates.Length; i++)
        {
            var files = settings.Certificates[i];
            var (texts, unread) = await CertificateTexts.ReadAsync(files, source.ReadFile, cancel).ConfigureAwait(false);
            switch (texts is null ? unread : ServedCertificate.Parse(texts, settings.Engine))
            {
                case CertificateResult.Faulty(var part, var what):
                    var key = KeyOf(part, i);
                    faults.Add(key, given.Where(key), $"{Faults.Quote(CertificateTexts.PathOf(files, part))} {what}; allowed: {AllowedOf(part)}");
                    break;
                case CertificateResult.Loaded(var certificate):
                    Check(certificate, files, KeyOf(CertificatePart.Certificate, i), servedBy);
                    break;
                default:
                    throw new InvalidOperationException("unexpected result");
            }
        }
    }

    private void Check(ServedCertificate certificate, CertificateFiles files, string key, Dictionary<string, string> servedBy)
    {
        var path = Faults.Quote(files.Certificate);
        if (certificate.Names.IsEmpty && !files.IsDefault)
        {
            faults.Add(key, given.Where(key), $"{path} has no DNS name, so no client would get it; allowed: a certificate with DNS names, or \"default\": true");
        }

        if (certificate.FaultAt(clock.GetUtcNow()) is { } fault)
        {
            faults.Warn(given.Where(key), $"{path} {fault}; clients will reject it");
        }

        foreach (var name in certificate.Names.Where(name => !servedBy.TryAdd(name, key)))
        {
            faults.Warn(given.Where(key), $"{path} is for {name}, which {given.Where(servedBy[name])} already serves");
        }
    }

    private static string AllowedOf(CertificatePart part) => part switch
    {
        CertificatePart.Password => "the path of a readable file, only with an encrypted key",
        _ => Allowed,
    };

    /// <summary>The place of a file in the settings: those of the flags come first.</summary>
    private string KeyOf(CertificatePart part, int index)
    {
        var ofFlags = given.Values.ContainsKey("tlsCert") ? 1 : 0;
        return index < ofFlags
            ? part switch
            {
                CertificatePart.Certificate => "tlsCert",
                CertificatePart.Key => "tlsKey",
                _ => "tlsKeyPasswordFile",
            }
            : $"tls.certificates[{index - ofFlags}].{part switch
            {
                CertificatePart.Certificate => "certificate",
                CertificatePart.Key => "key",
                _ => "keyPasswordFile",
            }}";
    }
}
