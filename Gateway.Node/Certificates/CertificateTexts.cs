using Gateway.Node.Settings;

namespace Gateway.Node.Certificates;

/// <summary>The contents of a certificate's files.</summary>
/// <param name="Certificate">PEM of the certificate and its chain.</param>
/// <param name="Key">PEM of its private key.</param>
/// <param name="Password">The password of an encrypted key; null: none given.</param>
internal sealed record CertificateTexts(string Certificate, string Key, string? Password)
{
    /// <summary>Reads the files.</summary>
    /// <param name="read">Reads a text file, like <see cref="SettingsSource.ReadFile"/>.</param>
    /// <returns>The texts, or the file that cannot be read and why.</returns>
    public static async Task<(CertificateTexts? Texts, CertificateResult.Faulty? Fault)> ReadAsync(
        CertificateFiles files, Func<string, CancellationToken, Task<string>> read, CancellationToken cancellation)
    {
        var part = CertificatePart.Certificate;
        try
        {
            var certificate = await read(files.Certificate, cancellation).ConfigureAwait(false);
            part = CertificatePart.Key;
            var key = await read(files.Key, cancellation).ConfigureAwait(false);
            part = CertificatePart.Password;
            var password = files.PasswordFile is { } path ? await read(path, cancellation).ConfigureAwait(false) : null;
            return (new(certificate, key, password?.TrimEnd('\r', '\n')), null);
        }
        catch (Exception error) when (FileReading.IsFault(error))
        {
            return (null, new(part, FileReading.Reason(error, PathOf(files, part))));
        }
    }

    public static string PathOf(CertificateFiles files, CertificatePart part) => part switch
    {
        CertificatePart.Certificate => files.Certificate,
        CertificatePart.Key => files.Key,
        _ => files.PasswordFile!,
    };
}
