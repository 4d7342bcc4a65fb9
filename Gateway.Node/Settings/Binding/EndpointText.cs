using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Core.Addressing;
using Gateway.Core.Commands;
using Gateway.Core.Endpoints;

namespace Gateway.Node.Settings.Binding;

/// <summary>Parses an endpoint: <c>http://host:port[;zone=a][;weight=2][;priority=0]</c>.</summary>
internal static partial class EndpointText
{
    private const string Parameters = "zone, weight, priority";

    /// <param name="fault">The error, and the allowed form, if the result is null.</param>
    public static EndpointSettings? Parse(string text, out string? fault)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        if (!EndpointAddress.TryParse(parts[0], out var address, out fault))
        {
            return null;
        }

        var endpoint = new EndpointSettings(address);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in parts.Skip(1))
        {
            var (name, value) = parameter.IndexOf('=', StringComparison.Ordinal) is >= 0 and var i
                ? (parameter[..i], parameter[(i + 1)..])
                : (parameter, "");
            switch (name)
            {
                case "zone" when ZoneName().IsMatch(value):
                    endpoint = endpoint with { Zone = value };
                    break;
                case "zone":
                    fault = "has an invalid zone; allowed: 1 to 64 letters, digits, dots, dashes and underscores";
                    break;
                case "weight" when Whole(value) is >= 1 and <= EndpointSettings.MaxWeight and var weight:
                    endpoint = endpoint with { Weight = weight };
                    break;
                case "weight" when Whole(value) is null:
                    fault = $"has an invalid weight; allowed: a whole number from 1 to {EndpointSettings.MaxWeight}";
                    break;
                case "weight":
                    fault = $"has a weight that is out of range; allowed: 1 to {EndpointSettings.MaxWeight}";
                    break;
                case "priority" when Whole(value) is >= 0 and <= EndpointSettings.MaxPriority and var priority:
                    endpoint = endpoint with { Priority = priority };
                    break;
                case "priority" when Whole(value) is null:
                    fault = $"has an invalid priority; allowed: a whole number from 0 to {EndpointSettings.MaxPriority}";
                    break;
                case "priority":
                    fault = $"has a priority that is out of range; allowed: 0 to {EndpointSettings.MaxPriority}";
                    break;
                default:
                    fault = $"has the unknown parameter {Faults.Quote(name)}; "
                        + (Spelling.Nearest(name, Parameters.Split(", ")) is { } meant ? $"did you mean {meant}?" : $"allowed: {Parameters}");
                    break;
            }

            if (fault is null && !seen.Add(name))
            {
                fault = $"has {name} twice; allowed: each of {Parameters} once";
            }

            if (fault is not null)
            {
                return null;
            }
        }

        return endpoint;
    }

    private static int? Whole(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z")]
    private static partial Regex ZoneName();
}
