using Gateway.Core.Analytics;

namespace Gateway.Tests.Analytics;

public sealed class AnalyticsWindowsTests
{
    [Fact]
    public void Windows_have_the_names_of_the_API() => Assert.Equal(["1m", "5m", "15m"], AnalyticsWindows.All.Select(window => window.Name()));

    [Fact]
    public void The_slots_of_a_window_are_as_long_as_its_name_says() => Assert.All(
        AnalyticsWindows.All, window => Assert.Equal(TimeSpan.FromMinutes((int)window), window.Slots() * AnalyticsWindows.Slot));
}
