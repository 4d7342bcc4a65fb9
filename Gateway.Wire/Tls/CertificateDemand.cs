namespace Gateway.Wire.Tls;

/// <summary>Whether a certificate is requested from clients.</summary>
public enum CertificateDemand
{
    None,

    /// <summary>Optional.</summary>
    Accepted,

    /// <summary>Required.</summary>
    Required,
}
