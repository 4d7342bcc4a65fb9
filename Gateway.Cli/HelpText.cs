using System.Collections.Immutable;
using Gateway.Core.Commands;

namespace Gateway.Cli;

/// <summary>Formats a replica's commands as help.</summary>
internal static class HelpText
{
    /// <param name="on">A palette or command, with arguments; empty: an overview of all. Throws <see cref="PbmException"/> if unknown.</param>
    public static string Of(ImmutableArray<CommandPalette> palettes, ImmutableArray<string> on)
    {
        var lines = on.IsEmpty ? palettes.SelectMany(p => Lines(p, p.Commands, withArguments: false)) : On(palettes, on);
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    private static IEnumerable<string> On(ImmutableArray<CommandPalette> palettes, ImmutableArray<string> on)
    {
        var palette = palettes.FirstOrDefault(p => p.Name == on[0]) ?? throw Unknown(palettes, on);
        if (on.Length == 1)
        {
            return Lines(palette, palette.Commands, withArguments: true);
        }

        var beginning = string.Join(' ', on.Skip(1)) + " ";
        var (found, _) = CommandLine.Find(palette, on.AsSpan()[1..]);
        ImmutableArray<CommandDefinition> meant = found is not null
            ? [found]
            : [.. palette.Commands.Where(c => c.Name.StartsWith(beginning, StringComparison.Ordinal))];
        return meant.IsEmpty ? throw Unknown(palettes, on) : Lines(palette, meant, withArguments: true);
    }

    /// <summary>The grammar describes unknown words best.</summary>
    private static PbmException Unknown(ImmutableArray<CommandPalette> palettes, ImmutableArray<string> on) => new(
        ExitCode.Usage,
        CommandLine.Parse(palettes, on.AsSpan()) is CommandParse.Faulty(var what) ? what : $"no help for '{string.Join(' ', on)}'");

    private static IEnumerable<string> Lines(CommandPalette palette, ImmutableArray<CommandDefinition> commands, bool withArguments)
    {
        var width = commands.Max(c => c.Usage.Length);
        yield return $"{palette.Name}: {palette.Description}";
        foreach (var command in commands)
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
