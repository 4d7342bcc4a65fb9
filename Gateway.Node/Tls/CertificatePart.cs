namespace Gateway.Node.Tls;

/// <summary>Which of the files of a certificate.</summary>
internal enum CertificatePart
{
    Certificate,
    Key,
    Password,
}
