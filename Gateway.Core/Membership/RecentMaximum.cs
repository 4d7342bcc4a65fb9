using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// The largest value that a number had within the last 10 minutes: how many gateways there were. What is divided by it stays divided by
/// as many for a while, so that two halves of a cluster that lose sight of each other do not both grow into the other's part.
/// </summary>
public sealed record RecentMaximum
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static RecentMaximum None { get; } = new();

    /// <summary>The present value last, before it the larger ones that it replaced, largest first: what is smaller and older is never asked for.</summary>
    private ImmutableArray<Peak> Peaks { get; init; } = [];

    /// <summary>From now on this is the value.</summary>
    public RecentMaximum Observe(int value, TimeSpan now)
    {
        var larger = Peaks.Where(peak => peak.Value > value && !peak.IsOver(now)).ToList();
        if (larger.Count > 0 && larger[^1].Until is null)
        {
            larger[^1] = larger[^1] with { Until = now };
        }

        return new() { Peaks = [.. larger, new(value, null)] };
    }

    /// <summary>The largest value that held at any time since <paramref name="now"/> - <see cref="Window"/>; 0 before the first.</summary>
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

    /// <summary>When <see cref="At"/> falls next if nothing changes; null: it is the present value.</summary>
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

    /// <param name="Until">When it ceased to hold; null: it holds.</param>
    private readonly record struct Peak(int Value, TimeSpan? Until)
    {
        public bool IsOver(TimeSpan now) => Until is { } until && until + Window <= now;
    }
}
