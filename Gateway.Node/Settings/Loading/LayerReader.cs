using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Gateway.Core.Commands;

namespace Gateway.Node.Settings.Loading;

/// <summary>Reads each source of settings into a layer, and reports errors in its form.</summary>
internal sealed class LayerReader(SettingsSource source, SettingsSchema schema, Faults faults)
{
    private const string ConfigKey = "config";

    /// <summary>Reads the flags, and reports errors of the command line itself.</summary>
    public Layer Flags()
    {
        var values = new JsonObject();
        foreach (var flag in Flag.All)
        {
            if (source.CommandLine.GetResult(flag.Option) is OptionResult { Implicit: false } given &&
                Single(given, flag.Option, flag.IsSwitch ? "true" : null) is { } text)
            {
                values[flag.Key] = schema.Read(flag.Key, text);
            }
        }

        foreach (var line in CommandLineFaults.Of(source.CommandLine))
        {
            faults.Add("", line.Where, line.What);
            if (line.Meant is { } meant)
            {
                faults.Mean(KeyOf(meant));
            }
        }

        return new(values, path => "--" + (Flag.ByKey(LayeredSettings.KeyOf(path))?.Name ?? path), Wins: true);
    }

    /// <summary>Reads variables <c>GATEWAY_*</c>. An empty one counts as not set: compose files set variables to the empty string.</summary>
    public Layer Environment()
    {
        var values = new JsonObject();
        var known = Flag.All.ToDictionary(f => f.Variable, StringComparer.Ordinal);
        foreach (var (name, text) in source.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Flag.VariablePrefix, StringComparison.Ordinal) || name == GatewayCommand.ConfigVariable)
            {
                continue;
            }

            if (!known.TryGetValue(name, out var flag))
            {
                faults.Warn(name, Meant(name) is { } meant ? $"unknown setting; did you mean {meant}?" : "unknown setting; ignored");
            }
            else if (text.Length > 0)
            {
                values[flag.Key] = schema.Read(flag.Key, text);
            }
        }

        return new(values, path => Flag.ByKey(LayeredSettings.KeyOf(path))?.Variable ?? path, Wins: true);
    }

    /// <summary>The path of the file and its source; null: no file.</summary>
    public (string Path, string Where)? Config()
    {
        if (source.CommandLine.GetResult(GatewayCommand.ConfigOption) is OptionResult { Implicit: false } given)
        {
            return Single(given, GatewayCommand.ConfigOption, null) is { } path ? (path, GatewayCommand.ConfigOption) : null;
        }

        return source.Environment.GetValueOrDefault(GatewayCommand.ConfigVariable) is { Length: > 0 } variable
            ? (variable, GatewayCommand.ConfigVariable)
            : null;
    }

    /// <summary>Reads the file, or returns an empty layer if it cannot be read or is not JSON.</summary>
    public async Task<Layer> FileAsync(string path, string where, CancellationToken cancel)
    {
        var values = new JsonObject();
        try
        {
            var text = await source.ReadFile(path, cancel).ConfigureAwait(false);
            if (Parse(path, text) is { } parsed)
            {
                values = parsed;
            }
        }
        catch (Exception e) when (FileReading.IsFault(e))
        {
            faults.Add(ConfigKey, where, $"{Faults.Quote(path)} {FileReading.Reason(e, path)}; allowed: the path of a readable file");
        }

        return new(values, place => place.Length == 0 ? path : $"{path}: {place}", Wins: false);
    }

    private JsonObject? Parse(string path, string text)
    {
        var (root, fault) = SettingsText.Read(text);
        if (root is JsonObject values)
        {
            return values;
        }

        faults.Add(ConfigKey, path, fault ?? $"{Faults.Quote(root?.ToJsonString(SettingsText.Plain) ?? "null")} is not an object; allowed: {{ ... }}");
        return null;
    }

    /// <summary>The one value of a flag, or its meaning without a value; null after an error.</summary>
    private string? Single(OptionResult given, string option, string? bare)
    {
        // The parser takes a misspelt flag for a value. No valid value begins with two dashes.
        var values = given.Tokens.Select(t => t.Value).Where(v => !v.StartsWith("--", StringComparison.Ordinal)).ToList();
        if (given.IdentifierTokenCount > 1)
        {
            faults.Add(KeyOf(option), option, $"is given {given.IdentifierTokenCount} times; allowed: once");
        }
        else if (values.Count == 0 && bare is null)
        {
            faults.Add(KeyOf(option), option, $"requires a value: {option} <value>");
        }

        return given.IdentifierTokenCount > 1 ? null : values.FirstOrDefault() ?? bare;
    }

    private static string? Meant(string variable) =>
        Spelling.Nearest(variable[Flag.VariablePrefix.Length..], Flag.All.Select(f => f.Variable[Flag.VariablePrefix.Length..])) is { } meant
            ? Flag.VariablePrefix + meant
            : null;

    private static string KeyOf(string option) => Flag.All.FirstOrDefault(f => f.Option == option)?.Key ?? ConfigKey;
}
