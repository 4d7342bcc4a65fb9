namespace Gateway.Node.Certificates;

/// <summary>What a look at a certificate's files found that is worth reporting.</summary>
internal enum CertificateChange
{
    None,

    /// <summary>The files hold another certificate, and it is served from now on.</summary>
    Renewed,

    /// <summary>The files hold something that cannot be used, for the second look in a row; what was served stays.</summary>
    Refused,

    /// <summary>What is served is not valid by date any more.</summary>
    Outdated,
}
