using System.Text.Json.Nodes;

namespace Gateway.Node.Settings.Sections;

/// <summary>A pool in the file.</summary>
internal sealed record PoolSection
{
    public string? Strategy { get; init; }
    public int? HashBalanceFactor { get; init; }
    public string? Protocol { get; init; }
    public string? ProxyProtocol { get; init; }
    public IReadOnlyList<EndpointSection?>? Endpoints { get; init; }
    public HealthSection? Health { get; init; }
    public BreakerSection? Breaker { get; init; }
    public RetrySection? Retry { get; init; }
    public TimeoutsSection? Timeouts { get; init; }
    public ConnectionsSection? Connections { get; init; }
    public TlsSection? Tls { get; init; }
    public SlowStartSection? SlowStart { get; init; }
    public OutliersSection? Outliers { get; init; }
    public AdaptiveConcurrencySection? AdaptiveConcurrency { get; init; }
    public ZonesSection? Zones { get; init; }

    /// <summary>A word or an object.</summary>
    public JsonNode? Host { get; init; }

    public int? PanicThreshold { get; init; }
    public int? MaxConcurrency { get; init; }
}

internal sealed record EndpointSection(string? Address, int? Weight, string? Zone, int? Priority, int? MaxConcurrency);

internal sealed record HealthSection
{
    public string? Kind { get; init; }
    public string? Path { get; init; }
    public string? Host { get; init; }
    public string? Service { get; init; }
    public TimeSpan? Interval { get; init; }
    public TimeSpan? Timeout { get; init; }
    public TimeSpan? FastInterval { get; init; }
    public TimeSpan? DownInterval { get; init; }
    public int? UnhealthyThreshold { get; init; }
    public int? HealthyThreshold { get; init; }

    /// <summary>A status, or a range of them like 200-299.</summary>
    public string? ExpectedStatus { get; init; }

    public string? ExpectedBody { get; init; }
    public TimeSpan? DegradedLatency { get; init; }
}

internal sealed record BreakerSection
{
    public int? Threshold { get; init; }
    public IReadOnlyList<int?>? FailureStatuses { get; init; }
    public IReadOnlyList<string?>? GrpcFailureStatuses { get; init; }
    public TimeSpan? Break { get; init; }
    public TimeSpan? MaxBreak { get; init; }
    public int? HalfOpenMaxCalls { get; init; }
    public int? HalfOpenSuccesses { get; init; }
    public FailureRateSection? FailureRate { get; init; }
}

internal sealed record FailureRateSection(double? Percent, TimeSpan? Window, int? Minimum);

internal sealed record RetrySection
{
    public int? Attempts { get; init; }
    public int? BudgetPercent { get; init; }
    public int? BudgetMinimum { get; init; }
    public IReadOnlyList<int?>? Statuses { get; init; }
    public IReadOnlyList<string?>? GrpcStatuses { get; init; }
    public int? MaxKeptBody { get; init; }
}

internal sealed record TimeoutsSection
{
    public TimeSpan? Request { get; init; }
    public TimeSpan? Try { get; init; }
    public TimeSpan? Idle { get; init; }
}

internal sealed record ConnectionsSection
{
    public int? Max { get; init; }
    public int? QueueSize { get; init; }
    public TimeSpan? QueueTimeout { get; init; }
    public TimeSpan? IdleTimeout { get; init; }
    public TimeSpan? MaxLifetime { get; init; }
    public TimeSpan? ConnectTimeout { get; init; }
    public TimeSpan? PingInterval { get; init; }
    public int? MaxAnswerFields { get; init; }
}

internal sealed record TlsSection(string? ServerName, string? Authorities, string? Certificate);

internal sealed record SlowStartSection
{
    public TimeSpan? Window { get; init; }
    public double? Aggression { get; init; }
}

internal sealed record OutliersSection
{
    public TimeSpan? Interval { get; init; }
    public int? MinEndpoints { get; init; }
    public int? MinRequests { get; init; }
    public TimeSpan? BaseEjection { get; init; }
    public TimeSpan? MaxEjection { get; init; }
    public int? MaxEjectionPercent { get; init; }
}

internal sealed record AdaptiveConcurrencySection(int? Min, int? Max, double? Tolerance);

internal sealed record ZonesSection(int? MinEndpoints);
