namespace Gateway.Node.Settings;

/// <summary>Whether clients need a certificate.</summary>
public enum ClientCertificateMode
{
    /// <summary>A certificate is optional.</summary>
    Accept,

    /// <summary>Clients without a certificate are refused.</summary>
    Require,
}
