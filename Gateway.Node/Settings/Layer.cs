using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Gateway.Node.Settings;

/// <summary>The settings of one source in the shape of the file, so that flags, variables and file are checked against one schema.</summary>
/// <param name="Values">Top-level keys and their values.</param>
/// <param name="Where">Translates a path, such as <c>listenAddr</c>, to its form in this source, such as <c>--listen-addr</c>.</param>
/// <param name="Wins">Whether it overrides a pool's own section, for the pool <c>default</c>: flags and variables do.</param>
internal sealed record Layer(JsonObject Values, Func<string, string> Where, bool Wins);

/// <summary>All layers merged: the value of each key with the highest precedence, and its source.</summary>
internal sealed class LayeredSettings
{
    private readonly Dictionary<string, Layer> _origins = new(StringComparer.Ordinal);
    private readonly string _file;

    /// <param name="layers">Lowest precedence first: file, environment, flags.</param>
    /// <param name="file">The file's name in messages.</param>
    public LayeredSettings(IEnumerable<Layer> layers, string file)
    {
        _file = file;
        foreach (var layer in layers)
        {
            foreach (var (key, value) in layer.Values)
            {
                // A faulty value was replaced by null: it neither counts nor hides one of lower precedence.
                if (value is null)
                {
                    continue;
                }

                if (value is JsonValue && Values[key] is JsonObject section && IsMainKey(key, out var main))
                {
                    // A flag or variable sets one key of a section; the file's other keys stay.
                    section[main] = value.DeepClone();
                    _origins[$"{key}.{main}"] = layer;
                    continue;
                }

                Values[key] = value.DeepClone();
                _origins[key] = layer;
            }
        }
    }

    /// <summary>The value of each key with the highest precedence.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>Whether a flag or variable set this key.</summary>
    public bool Wins(string key) => OriginOf(key) is { Wins: true };

    /// <summary>The place of a path, in the terms of its source. A key that was not set has the name of its flag, if any.</summary>
    public string Where(string path)
    {
        return OriginOf(path) is { } layer ? layer.Where(path)
            : Flag.ByKey(KeyOf(path)) is { } flag ? flag.Option
            : $"{_file}: {path}";
    }

    /// <summary>The path of a file for opening it: those in the settings file are relative to it.</summary>
    public string Resolve(string key, string path) => Wins(key) ? path : Path.Combine(Path.GetDirectoryName(_file) ?? "", path);

    /// <summary>Whether a section of the file can be given as a single value, and the key for that value.</summary>
    private static bool IsMainKey(string key, [NotNullWhen(true)] out string? main) => (main = key == "accessLog" ? "to" : null) is not null;

    /// <summary>The source of the value at a path; null: none.</summary>
    private Layer? OriginOf(string path) => _origins.GetValueOrDefault(path) ?? _origins.GetValueOrDefault(KeyOf(path));

    public static string KeyOf(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? path : path[..end];
    }
}
