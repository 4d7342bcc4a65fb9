using System.Collections;
using System.CommandLine;
using System.Net;

namespace Gateway.Node.Settings;

/// <summary>The source of settings. A reload loads from the same source again: only the file can have changed.</summary>
/// <param name="CommandLine">The parsed flags.</param>
/// <param name="Environment">All variables of the process; those without the prefix <c>GATEWAY_</c> are ignored.</param>
/// <param name="ReadFile">Reads a text file; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
/// <param name="HostName">The name of a replica without its own.</param>
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
