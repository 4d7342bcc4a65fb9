using System.Collections.Frozen;

namespace Gateway.Node.Certificates;

/// <summary>
/// Maps server names: an exact name before a wildcard, and among equals the first. A wildcard stands for one label (RFC 6125 6.4.3): <c>*.shop.example</c>
/// matches <c>a.shop.example</c>, but neither <c>shop.example</c> nor <c>a.b.shop.example</c>.
/// </summary>
internal sealed class NameTable<T>
    where T : class
{
    private readonly FrozenDictionary<string, T> _exact;

    /// <summary>By the part after the first dot.</summary>
    private readonly FrozenDictionary<string, T> _wildcards;

    /// <param name="entries">Names as in certificates, with their values.</param>
    public NameTable(IEnumerable<(string Name, T Value)> entries)
    {
        Dictionary<string, T> exact = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, T> wildcards = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in entries)
        {
            _ = name.StartsWith("*.", StringComparison.Ordinal) ? wildcards.TryAdd(name[2..], value) : exact.TryAdd(name, value);
        }

        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _wildcards = wildcards.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Null if nothing matches.</summary>
    public T? Find(string name)
    {
        name = name.EndsWith('.') ? name[..^1] : name;
        if (_exact.TryGetValue(name, out var exact))
        {
            return exact;
        }

        return name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? _wildcards.GetValueOrDefault(name[(dot + 1)..]) : null;
    }
}
