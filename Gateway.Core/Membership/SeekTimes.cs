namespace Gateway.Core.Membership;

/// <summary>The time limits of a replica seeking a cluster.</summary>
public sealed record SeekTimes
{
    public static SeekTimes Default { get; } = new();

    /// <summary>The age at which a report expires. Default 3 s; seeds are asked four times a second.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time the first seed waits for the others before it forms a cluster without their answers. Default 2 s.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The time a majority of the seeds must have been without any cluster before the first of them forms one. Default 10 s: longer than
    /// the first seed takes to start, so an ordinary start never gets here.
    /// </summary>
    public TimeSpan Majority { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time a minority of the seeds must have been without any cluster before the first of them forms one. Default 20 s: longer than
    /// <see cref="Majority"/>, so a majority whose members can hear each other goes first.
    /// </summary>
    public TimeSpan Minority { get; init; } = TimeSpan.FromSeconds(20);
}
