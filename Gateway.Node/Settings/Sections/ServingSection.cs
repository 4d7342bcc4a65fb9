namespace Gateway.Node.Settings.Sections;

/// <summary>TLS for clients as the file has it.</summary>
internal sealed record ServingSection
{
    public IReadOnlyList<ServedCertificateSection?>? Certificates { get; init; }
}

internal sealed record ServedCertificateSection(string? Certificate, string? Key, string? KeyPasswordFile, bool? Default);
