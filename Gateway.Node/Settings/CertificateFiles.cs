namespace Gateway.Node.Settings;

/// <summary>The PEM files of a certificate served to clients.</summary>
/// <param name="Certificate">The certificate, followed by those between it and its authority.</param>
/// <param name="Key">Its private key; may be the same file.</param>
/// <param name="PasswordFile">The file with the password of an encrypted key (PKCS #8); null: not encrypted.</param>
/// <param name="IsDefault">Whether it also serves clients without a server name, or with one that no certificate matches. At most one is.</param>
public sealed record CertificateFiles(string Certificate, string Key, string? PasswordFile = null, bool IsDefault = false);
