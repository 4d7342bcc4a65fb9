using System.Globalization;

namespace Gateway.Rig;

/// <summary>Some of a metric's series.</summary>
/// <param name="Labels">A text that their labels contain; empty: all of them.</param>
internal sealed record Series(string Text, string Name, string Labels)
{
    /// <summary>Parses <c>name</c> or <c>name@text</c>.</summary>
    public static Series Parse(string text) => text.Split('@', 2) is [var name, var labels] ? new(text, name, labels) : new(text, text, "");

    /// <summary>Their sum; null: there are none.</summary>
    public double? SumIn(string scrape)
    {
        double? sum = null;
        foreach (var line in scrape.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(Name, StringComparison.Ordinal) && line.Length > Name.Length && line[Name.Length] is '{' or ' ' &&
                line.Contains(Labels, StringComparison.Ordinal))
            {
                sum = (sum ?? 0) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }
}
