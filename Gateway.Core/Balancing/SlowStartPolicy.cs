namespace Gateway.Core.Balancing;

/// <summary>How an endpoint that joins or comes back is eased in.</summary>
public sealed record SlowStartPolicy
{
    public static SlowStartPolicy Off { get; } = new();

    /// <summary>How long the weight rises. Default 0 (off), at most 1 h.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>1 (the default) rises in a line, more rises faster at first. Above 0, at most 10.</summary>
    public double Aggression { get; init; } = 1;
}
