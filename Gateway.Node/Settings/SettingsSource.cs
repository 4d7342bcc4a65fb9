using System.Collections;
using System.CommandLine;
using System.Net;

namespace Gateway.Node.Settings;

/// <summary>Where settings come from. Loading again from the same source is what a reload is: only the file can have changed.</summary>
/// <param name="CommandLine">The parsed flags.</param>
/// <param name="Environment">All variables of the process; those not beginning with <c>GATEWAY_</c> are passed over.</param>
/// <param name="ReadFile">Reads a text file; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
/// <param name="HostName">What a replica without a name of its own is called.</param>
public sealed record SettingsSource(
    ParseResult CommandLine,
    IReadOnlyDictionary<string, string> Environment,
    Func<string, CancellationToken, Task<string>> ReadFile,
    string HostName)
{
    /// <summary>The source of this process: its environment, its files and its host's name.</summary>
    public static SettingsSource OfProcess(ParseResult commandLine) => new(
        commandLine,
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
        File.ReadAllTextAsync,
        Dns.GetHostName());
}
