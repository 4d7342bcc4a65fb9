using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Settings;

namespace Gateway.Node.Certificates;

/// <summary>The rules for clients' certificates at one moment. Immutable; a check of the authorities' file returns the next one.</summary>
internal sealed record ClientTrust
{
    /// <summary>The required purpose of a certificate, if it states any (RFC 5280 4.2.1.12).</summary>
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly string _text;
    private readonly X509ChainPolicy _policy;

    /// <summary>The file's contents at the last check; null if it could not be read.</summary>
    private string? _seen;

    private ClientTrust(ClientCertificateSettings settings, string text, X509Certificate2Collection authorities)
    {
        (Settings, _text, _seen) = (settings, text, text);
        _policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        _policy.ApplicationPolicy.Add(ClientAuthentication);
        _policy.CustomTrustStore.AddRange(authorities);
    }

    public ClientCertificateSettings Settings { get; private init; }

    /// <summary>Why the file differs from the authorities in force, as a sentence; null: it does not.</summary>
    public string? Fault { get; private init; }

    /// <summary>The policy for verifying a client's certificate: one per handshake, which adds the certificates that the client sends.</summary>
    public X509ChainPolicy NewPolicy() => _policy.Clone();

    /// <exception cref="IOException">The file cannot be used; the message names it.</exception>
    public static async Task<ClientTrust> ReadAsync(ClientCertificateSettings settings, CancellationToken cancellation)
    {
        var (text, authorities, fault) = await ReadFileAsync(settings.Authorities, null, cancellation);
        return authorities is null ? throw new IOException(fault) : new(settings, text!, authorities);
    }

    /// <summary>Checks the file. Returns the same instance if nothing has changed.</summary>
    public async Task<ClientTrust> CheckAsync(CancellationToken cancellation)
    {
        var (text, authorities, fault) = await ReadFileAsync(Settings.Authorities, _text, cancellation);
        return text == _seen && fault == Fault ? this
            : text == _text ? this with { Fault = null, _seen = text }
            : authorities is not null ? new(Settings, text!, authorities)
            : this with { Fault = fault, _seen = text };
    }

    /// <summary>The certificates in the text of a PEM file; null if there are none.</summary>
    public static X509Certificate2Collection? Parse(string text)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return authorities.Count > 0 ? authorities : null;
    }

    /// <param name="known">A text already parsed: its certificates are kept.</param>
    private static async Task<(string? Text, X509Certificate2Collection? Authorities, string? Fault)> ReadFileAsync(string path, string? known, CancellationToken cancellation)
    {
        try
        {
            var text = await File.ReadAllTextAsync(path, cancellation);
            return text == known ? (text, null, null) : Parse(text) is { } authorities ? (text, authorities, null) : (text, null, $"{path} contains no certificate");
        }
        catch (Exception error) when (FileReading.IsFault(error))
        {
            return (null, null, $"{path} {FileReading.Reason(error, path)}");
        }
    }
}
