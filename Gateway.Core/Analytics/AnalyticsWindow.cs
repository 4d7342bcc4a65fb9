using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>A recent period over which counts are added up.</summary>
public enum AnalyticsWindow
{
    OneMinute = 1,
    FiveMinutes = 5,
    FifteenMinutes = 15,
}

/// <summary>The slot length and the names of the windows.</summary>
public static class AnalyticsWindows
{
    /// <summary>The length of a slot; a window may reach back up to one slot further than its name says.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(15);

    private const int SlotsInMinute = 4;

    public static ImmutableArray<AnalyticsWindow> All { get; } = [AnalyticsWindow.OneMinute, AnalyticsWindow.FiveMinutes, AnalyticsWindow.FifteenMinutes];

    /// <summary>Returns the number of whole slots in a window, not counting the current one.</summary>
    public static int Slots(this AnalyticsWindow window) => (int)window * SlotsInMinute;

    public static string Name(this AnalyticsWindow window) => window switch
    {
        AnalyticsWindow.OneMinute => "1m",
        AnalyticsWindow.FiveMinutes => "5m",
        AnalyticsWindow.FifteenMinutes => "15m",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, null),
    };
}
