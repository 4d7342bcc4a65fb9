using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Gateway.Node.Settings;

/// <summary>The settings of one source in the shape of the file, so that flags, variables and file are held against one schema.</summary>
/// <param name="Values">Top-level keys and their values.</param>
/// <param name="Where">Turns a path, such as <c>listenAddr</c>, into what its writer calls it, such as <c>--listen-addr</c>.</param>
/// <param name="Wins">Whether it wins over a pool's own section, for the pool <c>default</c>: flags and variables do.</param>
internal sealed record Layer(JsonObject Values, Func<string, string> Where, bool Wins);

/// <summary>All layers in one, the strongest value of each key, and who gave it.</summary>
internal sealed class LayeredSettings
{
    private readonly Dictionary<string, Layer> _origins = new(StringComparer.Ordinal);
    private readonly string _file;

    /// <param name="layers">Weakest first: file, environment, flags.</param>
    /// <param name="file">What to call the file in messages.</param>
    public LayeredSettings(IEnumerable<Layer> layers, string file)
    {
        _file = file;
        foreach (var layer in layers)
        {
            foreach (var (key, value) in layer.Values)
            {
                // A value that was at fault was taken out and left null: it neither counts nor hides a weaker one.
                if (value is null)
                {
                    continue;
                }

                if (value is JsonValue && Values[key] is JsonObject section && IsMainKey(key, out var main))
                {
                    // A flag or variable says one thing of a section; what the file says beside it stays.
                    section[main] = value.DeepClone();
                    _origins[$"{key}.{main}"] = layer;
                    continue;
                }

                Values[key] = value.DeepClone();
                _origins[key] = layer;
            }
        }
    }

    /// <summary>The strongest value of each key.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>Whether a flag or variable gave this key.</summary>
    public bool Wins(string key) => OriginOf(key) is { Wins: true };

    /// <summary>The place of a path in its writer's words. What nobody gave is called by its flag, if it has one.</summary>
    public string Where(string path)
    {
        return OriginOf(path) is { } layer ? layer.Where(path)
            : Flag.ByKey(KeyOf(path)) is { } flag ? flag.Option
            : $"{_file}: {path}";
    }

    /// <summary>The path of a file as the process has to open it: what the settings file says is relative to where that file lies.</summary>
    public string Resolve(string key, string path) => Wins(key) ? path : Path.Combine(Path.GetDirectoryName(_file) ?? "", path);

    /// <summary>Whether a section of the file can be given as one value, and which of its keys that is.</summary>
    private static bool IsMainKey(string key, [NotNullWhen(true)] out string? main) => (main = key == "accessLog" ? "to" : null) is not null;

    /// <summary>Who gave what lies at a path; null: nobody.</summary>
    private Layer? OriginOf(string path) => _origins.GetValueOrDefault(path) ?? _origins.GetValueOrDefault(KeyOf(path));

    public static string KeyOf(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? path : path[..end];
    }
}
