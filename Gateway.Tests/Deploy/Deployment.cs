using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Deploy;

/// <summary>Loads the settings in deployment files as a replica would.</summary>
internal static class Deployment
{
    /// <param name="path">In the repository.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path));

    /// <summary>The longest shutdown of a replica, after which its host gives up.</summary>
    public static TimeSpan LeavingTakes(GatewaySettings settings) => settings.Drain.Delay + settings.Drain.Timeout + TimeSpan.FromSeconds(5);

    /// <summary>The settings of a replica with these args and variables; fails unless they are valid and without warnings.</summary>
    /// <param name="files">The texts of its files.</param>
    public static async Task<GatewaySettings> SettingsAsync(
        IEnumerable<string> args, IReadOnlyDictionary<string, string> variables, IReadOnlyDictionary<string, string>? files = null)
    {
        var source = new SettingsSource(
            new GatewayCommand((_, _, _) => Task.FromResult(0)).Parse([.. args]),
            variables,
            (path, _) => files is not null && files.TryGetValue(path, out var text) ? Task.FromResult(text)
                : path == variables.GetValueOrDefault("GATEWAY_ADMIN_TOKEN_FILE") ? Task.FromResult("0123456789abcdef")
                : throw new FileNotFoundException("no such file", path),
            "host-1");
        var result = await SettingsLoader.LoadAsync(source);
        Assert.Empty(result.Warnings);
        return result is SettingsResult.Loaded loaded
            ? loaded.Settings
            : throw new InvalidDataException(string.Join('\n', ((SettingsResult.Faulty)result).Faults));
    }
}
