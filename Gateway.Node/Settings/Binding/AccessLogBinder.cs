using System.Collections.Immutable;
using Gateway.Node.AccessLogs;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates the settings of the access log.</summary>
internal sealed class AccessLogBinder(GatewayFile file, LayeredSettings given, Faults faults)
{
    private const string Key = "accessLog";

    /// <summary>Null: no access log.</summary>
    public AccessLogSettings? Bind()
    {
        if (file.AccessLog is not { } log)
        {
            return null;
        }

        if (log.To is null)
        {
            if (!faults.Touch(Key))
            {
                faults.Add(Key, given.Where(Key), $"has no destination; set accessLog.to or --access-log: -, a path, {SyslogAddress.Allowed}");
            }

            return null;
        }

        var defaults = AccessLogSettings.Default;
        return new()
        {
            To = TargetOf(log.To),
            Format = log.Format == "combined" ? AccessLogFormat.Combined : AccessLogFormat.Json,
            Sample = log.Sample ?? defaults.Sample,
            Slow = log.Slow ?? defaults.Slow,
            Fields = Names(log.Fields) ?? defaults.Fields,
            Redact = Names(log.Redact) ?? defaults.Redact,
            MaxSize = SizeOf(log.MaxSize ?? defaults.MaxSize),
            MaxAge = log.MaxAge ?? defaults.MaxAge,
            Keep = log.Keep ?? defaults.Keep,
            Queue = log.Queue ?? defaults.Queue,
        };
    }

    private static ImmutableArray<string>? Names(IReadOnlyList<string?>? names) =>
        names is null ? null : [.. names.OfType<string>().Select(name => name.ToLowerInvariant()).Distinct()];

    private string TargetOf(string to)
    {
        if (to == AccessLogSettings.StandardOutput)
        {
            return to;
        }

        if (!SyslogAddress.IsMeant(to))
        {
            return given.Resolve($"{Key}.to", to);
        }

        if (SyslogAddress.Parse(to) is null)
        {
            faults.Add(Key, given.Where($"{Key}.to"), $"{Faults.Quote(to)} is not the address of a syslog server; allowed: {SyslogAddress.Allowed}");
        }

        return to;
    }

    private long SizeOf(long size)
    {
        const long MinSize = 64 * 1024;
        if (size is > 0 and < MinSize)
        {
            faults.Add(Key, given.Where($"{Key}.maxSize"), $"'{size}' is too small; allowed: 0 (never), or {MinSize} or more");
        }

        return size;
    }
}
