namespace Gateway.Node.Settings;

/// <summary>The certificates that clients show. One that cannot be verified is refused, whether it had to be shown or not.</summary>
/// <param name="Authorities">PEM file of the authorities that may have signed them.</param>
/// <param name="PassesChain">Whether backends are told of the certificates between it and its authority too.</param>
public sealed record ClientCertificateSettings(ClientCertificateMode Mode, string Authorities, bool PassesChain = false);
