using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Gateway.Node.Settings.Schema;

/// <summary>A node of the settings' schema, with resolved references: those keywords of JSON Schema that the settings use.</summary>
internal sealed class SchemaNode
{
    private readonly Lazy<Regex?> _pattern;

    public SchemaNode() => _pattern = new(() => Pattern is null ? null : new Regex(Pattern, RegexOptions.CultureInvariant));

    public SchemaTypes Types { get; init; }

    /// <summary>The keys of an object, in the order of the schema.</summary>
    public ImmutableArray<KeyValuePair<string, SchemaNode>> Properties { get; init; } = [];

    /// <summary>For unlisted keys: the pattern of the key, and the schema of its value; null: none.</summary>
    public (Regex Key, SchemaNode Value)? PatternProperty { get; init; }

    /// <summary>Whether keys outside list and pattern are allowed.</summary>
    public bool Open { get; init; } = true;

    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>The allowed texts; empty: all.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    public string? Pattern { get; init; }

    public int MinLength { get; init; }

    public int MaxLength { get; init; } = int.MaxValue;

    public decimal? Minimum { get; init; }

    public decimal? ExclusiveMinimum { get; init; }

    public decimal? Maximum { get; init; }

    public SchemaNode? Items { get; init; }

    public bool UniqueItems { get; init; }

    /// <summary>Schemas of which a value must match exactly one; empty: no such rule.</summary>
    public ImmutableArray<SchemaNode> OneOf { get; init; } = [];

    /// <summary>The default, in the words of the help; null: none.</summary>
    public string? Default { get; init; }

    /// <summary>Our own keywords, which begin with <c>x-</c>.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Words { get; init; } = [];

    public IEnumerable<string> Keys => Properties.Select(p => p.Key);

    public SchemaNode? Property(string key) => Find(Properties, key);

    public string? Word(string name) => Find(Words, name);

    public bool Matches(string text) => _pattern.Value?.IsMatch(text) ?? true;

    private static T? Find<T>(ImmutableArray<KeyValuePair<string, T>> pairs, string key)
        where T : class
    {
        foreach (var pair in pairs)
        {
            if (pair.Key == key)
            {
                return pair.Value;
            }
        }

        return null;
    }
}
