using Gateway.Core.Addressing;

namespace Gateway.Node.AccessLogs;

/// <summary>The address of a syslog server: a local socket, or a UDP host and port.</summary>
/// <param name="Path">Null: UDP.</param>
internal sealed record SyslogAddress(string? Path, string Host, int Port)
{
    public const string Allowed = "syslog:/path of a socket, or syslog://host:port";

    private const string Scheme = "syslog:";
    private const string Network = "syslog://";

    /// <summary>Whether a text is meant as a syslog address.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>Null if the text is invalid.</summary>
    public static SyslogAddress? Parse(string text) =>
        text.StartsWith(Network, StringComparison.Ordinal)
            ? HostPort.TryParse(text[Network.Length..], out var address) && address.Port > 0 ? new(null, address.Host.Trim('[', ']'), address.Port) : null
            : text.StartsWith(Scheme + "/", StringComparison.Ordinal) ? new(text[Scheme.Length..], "", 0)
            : null;
}
