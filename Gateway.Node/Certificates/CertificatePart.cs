namespace Gateway.Node.Certificates;

/// <summary>One of the files of a certificate.</summary>
internal enum CertificatePart
{
    Certificate,
    Key,
    Password,
}
