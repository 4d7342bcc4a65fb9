using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Node.Exporting;

/// <summary>Parses the output of a scrape: Prometheus' text format, version 0.0.4, as written by this process.</summary>
internal static class ExpositionText
{
    /// <exception cref="FormatException">A line is not in that format.</exception>
    public static ImmutableArray<MetricFamily> Parse(string text)
    {
        var families = ImmutableArray.CreateBuilder<MetricFamily>();
        var samples = ImmutableArray.CreateBuilder<MetricSample>();
        var (name, type, help) = ("", "", "");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                End();
                (name, help) = Halves(line[7..]);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                type = Halves(line[7..]).Remainder;
            }
            else if (line[0] != '#')
            {
                samples.Add(Sample(line, name));
            }
        }

        End();
        return families.ToImmutable();

        void End()
        {
            if (samples.Count > 0)
            {
                families.Add(new(name, type, help, samples.DrainToImmutable()));
            }
        }
    }

    private static (string First, string Remainder) Halves(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? (text[..space], text[(space + 1)..]) : throw new FormatException($"not a name and a value: {text}");

    private static MetricSample Sample(string line, string family)
    {
        var end = line.LastIndexOf(' ');
        var open = line.IndexOf('{', StringComparison.Ordinal);
        var nameEnd = open >= 0 ? open : end;
        if (end <= 0 || !line.AsSpan(0, nameEnd).StartsWith(family, StringComparison.Ordinal))
        {
            throw new FormatException($"not a sample of {family}: {line}");
        }

        var value = line[(end + 1)..] switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        };
        return new(line[family.Length..nameEnd], open >= 0 ? Labels(line.AsSpan((open + 1)..end)) : [], value);
    }

    /// <param name="text">Starts after the opening brace: <c>name="value",name="value"}</c>.</param>
    private static ImmutableArray<KeyValuePair<string, string>> Labels(ReadOnlySpan<char> text)
    {
        var labels = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var value = new StringBuilder();
        while (text is not ['}', ..])
        {
            var equals = text.IndexOf("=\"", StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"not a label: {text}");
            }

            var name = text[..equals].TrimStart(',').ToString();
            text = text[(equals + 2)..];
            for (value.Clear(); text is not ['"', ..]; text = text[1..])
            {
                if (text is ['\\', var escaped, ..])
                {
                    value.Append(escaped == 'n' ? '\n' : escaped);
                    text = text[1..];
                }
                else
                {
                    value.Append(text.IsEmpty ? throw new FormatException("a label's value is not terminated") : text[0]);
                }
            }

            labels.Add(new(name, value.ToString()));
            text = text[1..];
        }

        return labels.ToImmutable();
    }
}
