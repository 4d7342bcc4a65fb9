namespace Gateway.Node.Settings;

/// <summary>Whether clients are asked for a certificate.</summary>
public enum ClientCertificateMode
{
    /// <summary>They may show one, and need not.</summary>
    Accept,

    /// <summary>Those that show none are refused.</summary>
    Require,
}
