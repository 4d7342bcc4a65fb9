using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Node.Settings;

/// <summary>Collects all that is wrong, and all that is only odd, while settings are loaded.</summary>
internal sealed class Faults
{
    private const int LongestValue = 80;

    private readonly List<string> _lines = [];
    private readonly List<string> _warnings = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    public bool Any => _lines.Count > 0;

    public ImmutableArray<string> Lines => [.. _lines];

    public ImmutableArray<string> Warnings => [.. _warnings];

    /// <param name="key">The top-level key that the fault is in.</param>
    /// <param name="where">The flag, variable or place in the file.</param>
    /// <param name="what">The value, what is wrong with it, and what is allowed.</param>
    public void Add(string key, string where, string what)
    {
        _keys.Add(key);
        _lines.Add($"gateway: {where}: {what}");
    }

    public void Warn(string where, string what) => _warnings.Add($"gateway: warning: {where}: {what}");

    /// <summary>Whether one of these keys is at fault, so that what follows from it need not be said.</summary>
    public bool Touch(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_keys.Contains(key))
                return true;
        }

        return false;
    }

    /// <summary>A value in quotes, on one line and not endless, whatever it holds.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("'");
        foreach (var c in value.Length > LongestValue ? value.AsSpan(0, LongestValue) : value)
            text = char.IsControl(c) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : text.Append(c);

        return text.Append(value.Length > LongestValue ? "...'" : "'").ToString();
    }
}
