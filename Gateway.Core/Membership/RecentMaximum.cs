using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// The maximum of a value over the last 10 minutes: the number of gateways. A shared limit stays divided by that maximum for a while,
/// so that two halves of a partitioned cluster do not both grow into the other's part.
/// </summary>
public sealed record RecentMaximum
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static RecentMaximum None { get; } = new();

    /// <summary>The current value last, after the larger ones it replaced, largest first; smaller older values are never needed.</summary>
    private ImmutableArray<Peak> Peaks { get; init; } = [];

    /// <summary>Sets the current value.</summary>
    public RecentMaximum Observe(int value, TimeSpan now)
    {
        var larger = Peaks.Where(peak => peak.Value > value && !peak.IsOver(now)).ToList();
        if (larger.Count > 0 && larger[^1].Until is null)
        {
            larger[^1] = larger[^1] with { Until = now };
        }

        return new() { Peaks = [.. larger, new(value, null)] };
    }

    /// <summary>Returns the maximum since <paramref name="now"/> - <see cref="Window"/>; 0 before the first value.</summary>
    public int At(TimeSpan now)
    {
        foreach (var peak in Peaks)
        {
            if (!peak.IsOver(now))
            {
                return peak.Value;
            }
        }

        return 0;
    }

    /// <summary>Returns when <see cref="At"/> next falls if nothing changes; null if it equals the current value.</summary>
    public TimeSpan? FallsAt(TimeSpan now)
    {
        foreach (var peak in Peaks)
        {
            if (!peak.IsOver(now))
            {
                return peak.Until + Window;
            }
        }

        return null;
    }

    /// <param name="Until">When it was replaced; null for the current value.</param>
    private readonly record struct Peak(int Value, TimeSpan? Until)
    {
        public bool IsOver(TimeSpan now) => Until is { } until && until + Window <= now;
    }
}
