using System.Globalization;

namespace Gateway.Actors.Commands;

/// <summary>Moments as text, the same for people and machines.</summary>
internal static class Times
{
    /// <summary>UTC, to the millisecond: <c>2026-07-01T12:00:00.000Z</c>.</summary>
    public static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
