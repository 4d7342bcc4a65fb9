namespace Gateway.Node.Settings.Sections;

/// <summary>The access log in the file.</summary>
internal sealed record AccessLogSection
{
    public string? To { get; init; }
    public string? Format { get; init; }
    public double? Sample { get; init; }
    public TimeSpan? Slow { get; init; }
    public IReadOnlyList<string?>? Fields { get; init; }
    public IReadOnlyList<string?>? Redact { get; init; }
    public long? MaxSize { get; init; }
    public TimeSpan? MaxAge { get; init; }
    public int? Keep { get; init; }
    public int? Queue { get; init; }
}
