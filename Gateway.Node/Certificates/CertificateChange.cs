namespace Gateway.Node.Certificates;

/// <summary>A result of checking a certificate's files that is worth reporting.</summary>
internal enum CertificateChange
{
    None,

    /// <summary>The files contain another certificate, which is now served.</summary>
    Renewed,

    /// <summary>The files contain something unusable for the second check in a row; the served certificate stays.</summary>
    Refused,

    /// <summary>The served certificate is outside its validity period.</summary>
    Outdated,
}
