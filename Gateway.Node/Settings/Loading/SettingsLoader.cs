using Gateway.Node.Settings.Binding;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Loading;

/// <summary>
/// Makes settings out of flags, environment and file, or says all that is wrong with them at once. Precedence: flag, environment,
/// file, default. The flags about traffic are the pool <c>default</c>'s: there they win over its section in the file. For any other
/// pool they are the default of what its section leaves out. The same keys at the top of the file are such defaults for every pool.
/// </summary>
public static class SettingsLoader
{
    public static async Task<SettingsResult> LoadAsync(SettingsSource source, CancellationToken cancel = default)
    {
        var schema = SettingsSchema.Load();
        var faults = new Faults();
        var reader = new LayerReader(source, schema, faults);

        var flags = reader.Flags();
        var environment = reader.Environment();
        var config = reader.Config();
        List<Layer> layers = [environment, flags];
        if (config is var (path, where))
        {
            layers.Insert(0, await reader.FileAsync(path, where, cancel).ConfigureAwait(false));
        }

        foreach (var layer in Enumerable.Reverse(layers))
        {
            schema.Check(layer, faults);
        }

        var given = new LayeredSettings(layers, config?.Path ?? "gateway.json");
        var file = SectionReader.File(new(given.Values));
        var settings = new GatewayBinder(file, given, faults).Bind(source.HostName, config?.Path);
        await new FileCheck(source, given, faults).RunAsync(settings, cancel).ConfigureAwait(false);
        return faults.Any
            ? new SettingsResult.Faulty(faults.Lines, faults.Warnings)
            : new SettingsResult.Loaded(settings, faults.Warnings);
    }
}
