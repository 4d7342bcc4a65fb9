using System.Collections.Immutable;
using System.Text;
using Gateway.Node.Recording;
using Gateway.Node.Settings;

namespace Gateway.Node.AccessLogs;

/// <summary>Translates the settings of the access log to a recording policy and a line format.</summary>
internal static class AccessLogShape
{
    /// <param name="clock">The clock of the records' timestamps.</param>
    public static AccessPolicy PolicyOf(AccessLogSettings settings, TimeProvider clock) => new(
        [.. settings.Fields.Select(Encoding.ASCII.GetBytes)],
        settings.Sample,
        (long)(settings.Slow.TotalSeconds * clock.TimestampFrequency),
        settings.Queue);

    /// <param name="clock">The clock of the records' timestamps.</param>
    public static ILineFormat FormatOf(AccessLogSettings settings, TimeProvider clock)
    {
        ImmutableArray<LoggedField> fields = [.. settings.Fields.Select(name => new LoggedField(name, settings.Redact.Contains(name)))];
        return settings.Format == AccessLogFormat.Combined ? new CombinedFormat(fields) : new JsonFormat(fields, clock);
    }
}
