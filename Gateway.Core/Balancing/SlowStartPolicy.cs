namespace Gateway.Core.Balancing;

/// <summary>The ramp-up of an endpoint that joins or recovers.</summary>
public sealed record SlowStartPolicy
{
    public static SlowStartPolicy Off { get; } = new();

    /// <summary>The length of the ramp. Default 0 (off), at most 1 h.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>
    /// The shape of the ramp: 1 (the default) is linear, higher rises faster at first. Above 0, at most 10.
    /// </summary>
    public double Aggression { get; init; } = 1;
}
