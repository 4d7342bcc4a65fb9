using Gateway.Node.Settings.Binding;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Loading;

/// <summary>
/// Creates settings from flags, environment and file, or reports all errors at once. Precedence: flag, environment, file, default. The flags about traffic
/// belong to the pool <c>default</c>, where they override its section in the file. For other pools they are defaults for keys missing in their sections. The
/// same keys at the top of the file are such defaults for every pool.
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
