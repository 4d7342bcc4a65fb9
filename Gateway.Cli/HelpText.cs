using System.Collections.Immutable;
using Gateway.Core.Commands;

namespace Gateway.Cli;

/// <summary>What a replica offers, as text.</summary>
internal static class HelpText
{
    /// <param name="palette">Of this palette with its arguments; null: of all, in short.</param>
    public static string Of(ImmutableArray<CommandPalette> palettes, string? palette)
    {
        var chosen = palette is null ? palettes : [.. palettes.Where(p => p.Name == palette)];
        if (chosen.IsEmpty)
        {
            throw new PbmException(ExitCode.Usage, $"there is no palette '{palette}'; there are: {string.Join(", ", palettes.Select(p => p.Name))}");
        }

        var lines = chosen.SelectMany(p => Lines(p, withArguments: palette is not null));
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    private static IEnumerable<string> Lines(CommandPalette palette, bool withArguments)
    {
        var width = palette.Commands.Max(c => c.Usage.Length);
        yield return $"{palette.Name}: {palette.Description}";
        foreach (var command in palette.Commands)
        {
            yield return $"  {command.Usage.PadRight(width)}  {command.Description}";
            foreach (var argument in withArguments ? command.Arguments : [])
            {
                yield return $"      {argument.Switch} {argument.Name}: {argument.Description}{Rest(argument)}";
            }
        }
    }

    private static string Rest(CommandArgument argument) =>
        (argument.Values.IsEmpty ? "" : $" One of {string.Join(", ", argument.Values)}.") +
        (argument.Default is { } value ? $" Default {value}." : "");
}
