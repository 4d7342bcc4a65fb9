namespace Gateway.Node.Settings;

/// <summary>The PEM files of one certificate that clients are served with.</summary>
/// <param name="Certificate">The certificate, and behind it those between it and its authority.</param>
/// <param name="Key">Its private key; may be the same file.</param>
/// <param name="PasswordFile">File with the password of an encrypted key (PKCS #8); null: the key is not encrypted.</param>
/// <param name="IsDefault">Whether it also serves clients that name no server, or one that no certificate has. At most one does.</param>
public sealed record CertificateFiles(string Certificate, string Key, string? PasswordFile = null, bool IsDefault = false);
