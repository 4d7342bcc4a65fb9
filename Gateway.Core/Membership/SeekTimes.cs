namespace Gateway.Core.Membership;

/// <summary>How long a replica waits for what others say before it draws a conclusion.</summary>
public sealed record SeekTimes
{
    public static SeekTimes Default { get; } = new();

    /// <summary>A report older than this says nothing any more. Default 3 s; seeds are asked four times a second.</summary>
    public TimeSpan Fresh { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the first seed waits for the others before it forms a cluster without their answers. Default 2 s.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a majority of the seeds must have been without any cluster before the first of them forms one. Default 10 s: longer than it
    /// takes the first seed to start, so that an ordinary start never comes to this.
    /// </summary>
    public TimeSpan Majority { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long fewer seeds than a majority must have been without any cluster before the first of them forms one. Default 20 s: longer than
    /// <see cref="Majority"/>, so that a majority that can hear each other goes first.
    /// </summary>
    public TimeSpan Minority { get; init; } = TimeSpan.FromSeconds(20);
}
