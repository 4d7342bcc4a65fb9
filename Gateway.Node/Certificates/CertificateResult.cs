namespace Gateway.Node.Certificates;

/// <summary>The result of parsing a certificate's files: <see cref="Loaded"/> or <see cref="Faulty"/>, nothing else.</summary>
internal abstract record CertificateResult
{
    private CertificateResult()
    {
    }

    public sealed record Loaded(ServedCertificate Certificate) : CertificateResult;

    /// <param name="Part">The faulty file.</param>
    /// <param name="What">The rest of a sentence that begins with its path.</param>
    public sealed record Faulty(CertificatePart Part, string What) : CertificateResult;
}
