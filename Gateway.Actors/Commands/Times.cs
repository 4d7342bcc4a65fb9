using System.Globalization;

namespace Gateway.Actors.Commands;

/// <summary>Formats times, in the same form for people and programs.</summary>
internal static class Times
{
    /// <summary>Formats a time in UTC, to the millisecond: <c>2026-07-01T12:00:00.000Z</c>.</summary>
    public static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
