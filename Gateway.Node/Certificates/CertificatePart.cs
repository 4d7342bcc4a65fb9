namespace Gateway.Node.Certificates;

/// <summary>Which of the files of a certificate.</summary>
internal enum CertificatePart
{
    Certificate,
    Key,
    Password,
}
