using Gateway.Core.Outcomes;

namespace Gateway.Core.Retrying;

/// <summary>The settings for retries.</summary>
public sealed record RetryPolicy
{
    public static RetryPolicy Default { get; } = new();

    /// <summary>Additional attempts after the first. Default 3, 0 to 10.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Retries allowed per hundred requests begun in the last 10 s, in addition to <see cref="BudgetMinimum"/>. Default 20, 0 to 100.</summary>
    public int BudgetPercent { get; init; } = 20;

    /// <summary>Retries always allowed in 10 s. Default 30, 0 to 10,000.</summary>
    public int BudgetMinimum { get; init; } = 30;

    /// <summary>
    /// Statuses of a backend to retry elsewhere. Default 502, 503, 504; each 500 to 599. Statuses that count as its failure are a separate setting.
    /// </summary>
    public StatusSet Statuses { get; init; } = [502, 503, 504];

    /// <summary>
    /// Statuses of a gRPC call to retry elsewhere, whatever the method: listing one asserts that the backend has not processed the call. Applies only if the answer
    /// consists of nothing but this status. Default: none.
    /// </summary>
    public GrpcStatusSet GrpcStatuses { get; init; }

    /// <summary>The largest request body, in bytes, to keep for a retry. Default 64 KiB, 0 to 16 MiB.</summary>
    public int MaxKeptBody { get; init; } = 64 * 1024;
}
