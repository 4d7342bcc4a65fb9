using Gateway.Core.Outcomes;

namespace Gateway.Core.Breaking;

/// <summary>The settings of an endpoint's breaker.</summary>
public sealed record BreakerPolicy
{
    /// <summary>The largest value that the breaker's word can hold for a count.</summary>
    public const int MaxCount = BreakerWord.MaxCount;

    public static BreakerPolicy Default { get; } = new();

    /// <summary>Consecutive failures that trip it. Default 5, 1 to 10,000; a lower value trips sooner and on less evidence.</summary>
    public int Threshold { get; init; } = 5;

    /// <summary>
    /// Statuses of a backend that count as its failure, independent of the retry statuses. Default 502, 503, 504; each 500 to 599. If empty, only connection
    /// errors and broken answers count.
    /// </summary>
    public StatusSet FailureStatuses { get; init; } = [502, 503, 504];

    /// <summary>
    /// Statuses of a gRPC call that count as the backend's failure, as 503 does. Default <c>unavailable</c>. If empty, only the HTTP status counts.
    /// </summary>
    public GrpcStatusSet GrpcFailureStatuses { get; init; } = [GrpcStatus.Unavailable];

    /// <summary>The length of the first break. Default 10 s, 100 ms to 1 h; doubles with each failed trial.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The upper limit of the doubling. Default 5 min; at least <see cref="Break"/>.</summary>
    public TimeSpan MaxBreak { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Concurrent trials while half-open. Default 3, 1 to 1,000.</summary>
    public int HalfOpenMaxCalls { get; init; } = 3;

    /// <summary>Successful trials in a row that close it. Default 1, 1 to 1,000.</summary>
    public int HalfOpenSuccesses { get; init; } = 1;

    /// <summary>The share of failures over <see cref="FailureRateWindow"/> that also trips it. Null (the default): off.</summary>
    public double? FailureRatePercent { get; init; }

    /// <summary>The window of the failure rate. Default 10 s, 1 s to 10 min.</summary>
    public TimeSpan FailureRateWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of outcomes in the window below which the rate is ignored. Default 20.</summary>
    public int FailureRateMinimum { get; init; } = 20;
}
