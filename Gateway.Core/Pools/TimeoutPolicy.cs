namespace Gateway.Core.Pools;

/// <summary>The time limits of the pool's requests.</summary>
public sealed record TimeoutPolicy
{
    public static TimeoutPolicy Default { get; } = new();

    /// <summary>The time to the head of the final answer, retries included. Default 30 s, 1 ms to 1 h.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time from the request fully sent to the head, for one attempt. Default 10 s; never more than half of <see cref="Request"/>.
    /// </summary>
    public TimeSpan Try { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time without a byte either way after the head. Default 60 s, 1 ms to 24 h.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The try timeout in force.</summary>
    public TimeSpan EffectiveTry => Try < Request / 2 ? Try : Request / 2;
}
