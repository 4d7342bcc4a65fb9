using Gateway.Node.Settings;

namespace Gateway.Node.AccessLogs;

/// <summary>Creates the configured target. Tests may replace it.</summary>
internal class AccessLogTargets(string gatewayId, TimeProvider clock)
{
    public virtual ILogTarget Open(AccessLogSettings settings) => settings.To switch
    {
        AccessLogSettings.StandardOutput => new StandardOutputTarget(),
        var to when SyslogAddress.IsMeant(to) => new SyslogTarget(
            SyslogAddress.Parse(to) ?? throw new InvalidOperationException($"not an address of a syslog server: {to}"), gatewayId, clock),
        var path => new FileTarget(path, settings.MaxSize, settings.MaxAge, settings.Keep, clock),
    };
}
