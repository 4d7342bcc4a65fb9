namespace Gateway.Node.Settings.Sections;

/// <summary>The allowed and denied clients in the file.</summary>
internal sealed record ClientsSection(IReadOnlyList<string?>? Allow, IReadOnlyList<string?>? Deny);

/// <summary>A rate limit in the file.</summary>
internal sealed record RateLimitSection
{
    public int? Requests { get; init; }
    public TimeSpan? Per { get; init; }
    public int? Burst { get; init; }
    public string? By { get; init; }
    public int? MaxKeys { get; init; }
    public int? Ipv6Prefix { get; init; }
}
