namespace Gateway.Node.Settings.Sections;

/// <summary>A route in the file.</summary>
internal sealed record RouteSection
{
    public string? Name { get; init; }
    public IReadOnlyList<string?>? Planes { get; init; }
    public IReadOnlyList<string?>? Hosts { get; init; }
    public string? Path { get; init; }
    public string? PathPrefix { get; init; }
    public IReadOnlyList<string?>? Methods { get; init; }
    public IReadOnlyList<HeaderSection?>? Headers { get; init; }
    public IReadOnlyList<QuerySection?>? Query { get; init; }
    public string? Pool { get; init; }
    public string? Priority { get; init; }
    public long? MaxRequestBodySize { get; init; }
    public ClientsSection? Clients { get; init; }
    public RateLimitSection? RateLimit { get; init; }
    public SplitSection? Split { get; init; }
    public MirrorSection? Mirror { get; init; }
    public AffinitySection? Affinity { get; init; }
    public RewriteSection? Rewrite { get; init; }
    public FieldsSection? RequestFields { get; init; }
    public FieldsSection? ResponseFields { get; init; }
    public RedirectSection? Redirect { get; init; }
    public AnswerSection? Answer { get; init; }
    public RouteTimeoutsSection? Timeouts { get; init; }
    public RouteRetrySection? Retry { get; init; }
}

internal sealed record AffinitySection(string? By, string? Name, string? KeyFile, string? Cookie, TimeSpan? MaxAge, string? SameSite, bool? Secure);

internal sealed record MirrorSection(string? Pool, double? Percent, int? MaxConcurrent, int? MaxBody);

internal sealed record SplitSection(IReadOnlyList<ShareSection?>? Pools, string? By, string? Name);

internal sealed record ShareSection(string? Pool, int? Weight);

internal sealed record RewriteSection(bool? StripPrefix, string? ReplacePrefix, string? Path);

internal sealed record FieldsSection(IReadOnlyList<FieldLineSection?>? Set, IReadOnlyList<FieldLineSection?>? Add, IReadOnlyList<string?>? Remove);

internal sealed record FieldLineSection(string? Name, string? Value);

internal sealed record RedirectSection(string? Location, int? Status);

internal sealed record AnswerSection(int? Status, string? ContentType, string? Body);

internal sealed record RouteTimeoutsSection(TimeSpan? Request, TimeSpan? Try, TimeSpan? Idle);

internal sealed record RouteRetrySection(int? Attempts);

internal sealed record HeaderSection(string? Name, string? Value, string? Prefix);

internal sealed record QuerySection(string? Name, string? Value);
