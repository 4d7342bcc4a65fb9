namespace Gateway.Node.Settings.Sections;

/// <summary>One route as the file has it.</summary>
internal sealed record RouteSection
{
    public string? Name { get; init; }
    public IReadOnlyList<string?>? Hosts { get; init; }
    public string? Path { get; init; }
    public string? PathPrefix { get; init; }
    public IReadOnlyList<string?>? Methods { get; init; }
    public IReadOnlyList<HeaderSection?>? Headers { get; init; }
    public IReadOnlyList<QuerySection?>? Query { get; init; }
    public string? Pool { get; init; }
    public long? MaxRequestBodySize { get; init; }
}

internal sealed record HeaderSection(string? Name, string? Value, string? Prefix);

internal sealed record QuerySection(string? Name, string? Value);
