using Gateway.Node.Settings;

namespace Gateway.Node.AccessLogs;

/// <summary>Where a syslog server listens: a socket of this machine, or a host and a port of UDP.</summary>
/// <param name="Path">Null: it is reached by UDP.</param>
internal sealed record SyslogAddress(string? Path, string Host, int Port)
{
    public const string Allowed = "syslog:/path of a socket, or syslog://host:port";

    private const string Scheme = "syslog:";
    private const string Network = "syslog://";

    /// <summary>Whether a text is meant for one.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>Null: the text is not valid.</summary>
    public static SyslogAddress? Parse(string text) =>
        text.StartsWith(Network, StringComparison.Ordinal)
            ? HostPort.TryParse(text[Network.Length..], out var address) && address.Port > 0 ? new(null, address.Host.Trim('[', ']'), address.Port) : null
            : text.StartsWith(Scheme + "/", StringComparison.Ordinal) ? new(text[Scheme.Length..], "", 0)
            : null;
}
