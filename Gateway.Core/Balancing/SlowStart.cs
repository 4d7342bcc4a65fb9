namespace Gateway.Core.Balancing;

/// <summary>Computes the slow-start factor of an endpoint's weight.</summary>
public static class SlowStart
{
    /// <summary>The lowest factor.</summary>
    public const double Floor = 0.1;

    /// <summary>The ramp for an endpoint that was broken at several replicas, whatever the pool's settings: 10 % at first, the full weight after 10 s.</summary>
    public static SlowStartPolicy AfterTrials { get; } = new() { Window = TimeSpan.FromSeconds(10) };

    private static readonly TimeSpan Youngest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns <c>max(10 %, (max(t, 1 s) / window)^(1 / aggression))</c> (Envoy), or 1 if slow start is off or over. With a window of 60 s:
    /// 0.1 at 3 s, 0.25 at 15 s; with aggression 2, 0.5 at 15 s.
    /// </summary>
    /// <param name="age">Time since the endpoint joined or recovered.</param>
    public static double Factor(SlowStartPolicy policy, TimeSpan age)
    {
        // Infinite for a window of 0: slow start is off, and the weight is full at any age.
        var share = (age > Youngest ? age : Youngest) / policy.Window;
        return Math.Clamp(Math.Pow(share, 1 / policy.Aggression), Floor, 1);
    }
}

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
