using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Gateway.Tests.Deploy;

/// <summary>One of the repository's YAML files, with merge keys resolved, as maps, lists and texts.</summary>
internal sealed class YamlFile(string path)
{
    private readonly object _root = Parse(path);

    /// <param name="place">Keys separated by dots: <c>spec.cluster.replicas</c>.</param>
    public string Text(string place) => Assert.IsType<string>(At(place));

    public IReadOnlyList<string> Texts(string place) => [.. Assert.IsType<List<object>>(At(place)).Cast<string>()];

    public IReadOnlyDictionary<string, string> TextByKey(string place) =>
        Map(At(place), place).ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value, StringComparer.Ordinal);

    public IReadOnlyList<string> Keys(string place) => [.. Map(At(place), place).Keys.Cast<string>()];

    /// <summary>The maps of a list.</summary>
    public IReadOnlyList<IReadOnlyDictionary<object, object>> Maps(string place) =>
        [.. Assert.IsType<List<object>>(At(place)).Select(item => Map(item, place))];

    private object At(string place)
    {
        var at = _root;
        foreach (var key in place.Split('.'))
        {
            at = Map(at, place).TryGetValue(key, out var next) ? next : throw new KeyNotFoundException($"{path} has no {place}");
        }

        return at;
    }

    private Dictionary<object, object> Map(object value, string place) =>
        value as Dictionary<object, object> ?? throw new InvalidDataException($"{path}: no map on the way to {place}");

    private static object Parse(string path)
    {
        using var text = new StringReader(Deployment.Read(path));
        return new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(text)));
    }
}
