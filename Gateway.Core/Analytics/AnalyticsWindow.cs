using System.Collections.Immutable;

namespace Gateway.Core.Analytics;

/// <summary>A recent time that is looked at as a whole.</summary>
public enum AnalyticsWindow
{
    OneMinute = 1,
    FiveMinutes = 5,
    FifteenMinutes = 15,
}

/// <summary>What windows are made of, and what they are called.</summary>
public static class AnalyticsWindows
{
    /// <summary>Traffic is kept by slots of this length: a window reaches up to one further back than its name says.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(15);

    private const int SlotsInMinute = 4;

    public static ImmutableArray<AnalyticsWindow> All { get; } = [AnalyticsWindow.OneMinute, AnalyticsWindow.FiveMinutes, AnalyticsWindow.FifteenMinutes];

    /// <summary>Whole slots of a window, besides the one that is being filled.</summary>
    public static int Slots(this AnalyticsWindow window) => (int)window * SlotsInMinute;

    public static string Name(this AnalyticsWindow window) => window switch
    {
        AnalyticsWindow.OneMinute => "1m",
        AnalyticsWindow.FiveMinutes => "5m",
        AnalyticsWindow.FifteenMinutes => "15m",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, null),
    };
}
