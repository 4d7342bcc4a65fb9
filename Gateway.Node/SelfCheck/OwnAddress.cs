using System.Net;
using System.Text.Json;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Binding;
using Gateway.Node.Settings.Loading;

namespace Gateway.Node.SelfCheck;

/// <summary>
/// Finds the address of the replica on this host, by its own precedence: flag, variable, file, default. No other setting is read, because a check runs every
/// few seconds and must be cheap, and may be given only the address.
/// </summary>
internal static class OwnAddress
{
    private const string Default = "127.0.0.1:8080";

    private static readonly Flag Listen = Flag.ByKey("listenAddr")!;

    /// <param name="option">The flag, as given to the check; null: not given.</param>
    /// <param name="config">The path of the file, as given to the check; null: not given.</param>
    /// <exception cref="FormatException">The value found is not a usable address; the message names its source.</exception>
    public static async Task<IPEndPoint> FindAsync(SettingsSource source, string? option, string? config, CancellationToken cancel)
    {
        var (text, where) = option is not null ? (option, Listen.Option)
            : Variable(source, Listen.Variable) is { } variable ? (variable, Listen.Variable)
            : config is not null || (config = Variable(source, GatewayCommand.ConfigVariable)) is not null
                ? (await InFileAsync(source, config, cancel).ConfigureAwait(false), config)
            : (null, "");
        var address = ListenAddress.Parse(text ?? Default);
        if (address is null || address.Port == 0)
        {
            throw new FormatException($"{where}: {Faults.Quote(text ?? "")} is not an address to connect to; allowed: {ListenAddress.Allowed}, with a port other than 0");
        }

        return Reachable(address);
    }

    /// <summary>The loopback address of a replica that listens on every address.</summary>
    private static IPEndPoint Reachable(IPEndPoint listen) =>
        listen.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, listen.Port)
        : listen.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, listen.Port)
        : listen;

    private static string? Variable(SettingsSource source, string name) =>
        source.Environment.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    private static async Task<string?> InFileAsync(SettingsSource source, string path, CancellationToken cancel)
    {
        try
        {
            using var file = JsonDocument.Parse(await source.ReadFile(path, cancel).ConfigureAwait(false), SettingsText.Options);
            return file.RootElement.TryGetProperty(Listen.Key, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new FormatException($"{path}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
