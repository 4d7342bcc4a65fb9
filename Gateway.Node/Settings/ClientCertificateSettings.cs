namespace Gateway.Node.Settings;

/// <summary>Certificates of clients. One that cannot be verified is refused, even if optional.</summary>
/// <param name="Authorities">The PEM file of the authorities that may sign them.</param>
/// <param name="PassesChain">Whether the certificates between it and its authority are also forwarded to backends.</param>
public sealed record ClientCertificateSettings(ClientCertificateMode Mode, string Authorities, bool PassesChain = false);
