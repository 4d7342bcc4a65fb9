namespace Gateway.Wire.Tls;

/// <summary>Whether a client is asked for a certificate.</summary>
public enum CertificateDemand
{
    None,

    /// <summary>It may show one.</summary>
    Accepted,

    /// <summary>It has to show one.</summary>
    Required,
}
