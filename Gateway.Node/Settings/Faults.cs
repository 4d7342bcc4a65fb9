using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Node.Settings;

/// <summary>Collects all errors and warnings while settings are loaded.</summary>
internal sealed class Faults
{
    private const int MaxValueLength = 80;

    private readonly List<string> _lines = [];
    private readonly List<string> _warnings = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public bool Any => _lines.Count > 0;

    public ImmutableArray<string> Lines => [.. _lines];

    public ImmutableArray<string> Warnings => [.. _warnings];

    /// <param name="path">The faulty place, or only its top-level key: <c>pools.default.health.interval</c>, <c>pools</c>.</param>
    /// <param name="where">The flag, variable or place in the file.</param>
    /// <param name="what">The value, its error, and the allowed values.</param>
    public void Add(string path, string where, string what)
    {
        Mean(path);
        _lines.Add($"gateway: {where}: {what}");
    }

    /// <summary>Marks a place as faulty without another line: a misspelt key was most likely meant for it.</summary>
    public void Mean(string path)
    {
        _keys.Add(LayeredSettings.KeyOf(path));
        _paths.Add(path);
    }

    /// <summary>Whether exactly this place is faulty.</summary>
    public bool Hold(string path) => _paths.Contains(path);

    public void Warn(string where, string what) => _warnings.Add($"gateway: warning: {where}: {what}");

    /// <summary>Whether one of these keys is faulty, so that consequences need not be reported.</summary>
    public bool Touch(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_keys.Contains(key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Quotes a value, on one line and shortened.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("'");
        foreach (var c in value.Length > MaxValueLength ? value.AsSpan(0, MaxValueLength) : value)
        {
            text = char.IsControl(c) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : text.Append(c);
        }

        return text.Append(value.Length > MaxValueLength ? "...'" : "'").ToString();
    }
}
