namespace Gateway.Node.Settings.Sections;

/// <summary>TLS for clients in the file.</summary>
internal sealed record ServingSection
{
    public string? Engine { get; init; }
    public IReadOnlyList<ServedCertificateSection?>? Certificates { get; init; }
    public string? ClientCertificates { get; init; }
    public string? ClientAuthorities { get; init; }
    public bool? ClientCertificateChain { get; init; }
    public bool? Redirect { get; init; }
    public int? RedirectPort { get; init; }
    public HstsSection? Hsts { get; init; }
}

internal sealed record HstsSection(TimeSpan? MaxAge, bool? IncludeSubDomains);

internal sealed record ServedCertificateSection(string? Certificate, string? Key, string? KeyPasswordFile, bool? Default);
