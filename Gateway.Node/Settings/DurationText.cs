using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Node.Settings;

/// <summary>
/// Parses durations: <c>hh:mm:ss[.fff]</c>, optionally with days, as in <c>1.00:00:00</c>; or integers with units, as in <c>500ms</c>, <c>5s</c>, <c>2m</c>,
/// <c>1h30m</c>, <c>1d</c>.
/// </summary>
internal static partial class DurationText
{
    public const string Forms = "as hh:mm:ss or 500ms, 5s, 2m, 1h";

    public static bool TryParse(string text, out TimeSpan duration) =>
        (WholeClock().IsMatch(text) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration)) || TryParseUnits(text, out duration);

    /// <summary>The error of a text that is not a duration.</summary>
    public static string FaultOf(string text)
    {
        if (Clock().Match(text) is not { Success: true } clock)
        {
            return Units().IsMatch(text) ? "is too long" : "is not a duration";
        }

        return Part(2) > 59 ? "has more than 59 minutes"
            : Part(3) > 59 ? "has more than 59 seconds"
            : Part(1) > 23 ? string.Create(CultureInfo.InvariantCulture, $"has more than 23 hours; write days in front, as in {Part(1) / 24:0}.{Part(1) % 24:00}:{Part(2):00}:{Part(3):00}")
            : "is not a duration";

        decimal Part(int group) => decimal.Parse(clock.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static bool TryParseUnits(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (!Units().IsMatch(text))
        {
            return false;
        }

        decimal ticks = 0;
        foreach (Match part in Unit().Matches(text))
        {
            ticks += decimal.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
            {
                "ms" => TimeSpan.TicksPerMillisecond,
                "s" => TimeSpan.TicksPerSecond,
                "m" => TimeSpan.TicksPerMinute,
                "h" => TimeSpan.TicksPerHour,
                _ => TimeSpan.TicksPerDay,
            };
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    // At most nine digits: longer numbers are invalid, and must not overflow.
    [GeneratedRegex(@"\A([0-9]{1,9}(ms|s|m|h|d))+\z")]
    private static partial Regex Units();

    // The framework also accepts 1:00, for an hour.
    [GeneratedRegex(@"\A([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?\z")]
    private static partial Regex WholeClock();

    [GeneratedRegex("([0-9]+)(ms|s|m|h|d)")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\A([0-9]{1,6}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,7})?\z")]
    private static partial Regex Clock();
}
