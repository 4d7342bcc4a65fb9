using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Core.Commands;

/// <summary>
/// Parses <c>palette command [switch value]...</c>. An equals sign may join a switch and its value; a word without a switch fills
/// the next positional argument.
/// </summary>
public static class CommandLine
{
    public static CommandParse Parse(ImmutableArray<CommandPalette> palettes, ReadOnlySpan<string> words)
    {
        if (words.IsEmpty)
        {
            return Fault($"missing palette and command; palettes: {Names(palettes)}");
        }

        var first = words[0];
        if (palettes.FirstOrDefault(p => p.Name == first) is not { } palette)
        {
            return Fault($"unknown palette '{first}'; {Meant(palettes, words) ?? $"palettes: {Names(palettes)}"}");
        }

        if (words.Length == 1)
        {
            return Fault($"missing command; commands of {palette.Name}: {Names(palette)}");
        }

        var (definition, length) = Find(palette, words[1..]);
        return definition is null
            ? Fault($"unknown command '{words[1]}' of {palette.Name}; {Meant(palette, words[1..]) ?? $"commands: {Names(palette)}"}")
            : ParseArguments(palette, definition, words[(1 + length)..]);
    }

    /// <summary>Returns the command that the words begin with, preferring the longest name, and the number of words in its name.</summary>
    public static (CommandDefinition? Definition, int Words) Find(CommandPalette palette, ReadOnlySpan<string> words)
    {
        for (var length = Math.Min(2, words.Length); length > 0; length--)
        {
            var name = string.Join(' ', words[..length]!);
            if (palette.Commands.FirstOrDefault(c => c.Name == name) is { } definition)
            {
                return (definition, length);
            }
        }

        return (null, 0);
    }

    private static CommandParse ParseArguments(CommandPalette palette, CommandDefinition definition, ReadOnlySpan<string> words)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            var argument = definition.Arguments.FirstOrDefault(a => a.Switch == name);
            var value = equals < 0 ? null : word[(equals + 1)..];
            if (argument is null)
            {
                argument = definition.Arguments.FirstOrDefault(a => a.Positional && !values.ContainsKey(a.Name));
                value = word;
                if (argument is null || word.StartsWith('-'))
                {
                    return Fault($"unexpected argument '{word}'; usage: {palette.Name} {definition.Usage}");
                }
            }
            else if (argument.Flag)
            {
                value ??= "true";
            }
            else if (value is null && ++i < words.Length)
            {
                value = words[i];
            }

            if (value is null)
            {
                return Fault($"{argument.Switch} requires a value; usage: {palette.Name} {definition.Usage}");
            }

            if (Judge(argument, value) is { } fault)
            {
                return Fault(fault);
            }

            if (value.Contains(CommandArgument.Separator, StringComparison.Ordinal))
            {
                return Fault($"{argument.Name} must not contain a line break");
            }

            if (!values.TryAdd(argument.Name, value))
            {
                if (!argument.Repeats)
                {
                    return Fault($"{argument.Name} is given twice");
                }

                values[argument.Name] += CommandArgument.Separator + value;
            }
        }

        return Complete(palette, definition, values);
    }

    private static CommandParse Complete(
        CommandPalette palette, CommandDefinition definition, ImmutableDictionary<string, string>.Builder values)
    {
        foreach (var argument in definition.Arguments.Where(a => !values.ContainsKey(a.Name)))
        {
            if (argument.Mandatory)
            {
                return Fault($"{argument.Name} is missing; usage: {palette.Name} {definition.Usage}");
            }

            if (argument.Default is { } value)
            {
                values[argument.Name] = value;
            }
        }

        return new CommandParse.Parsed(palette.Name, definition, values.ToImmutable());
    }

    private static string? Judge(CommandArgument argument, string value)
    {
        if (!argument.Values.IsEmpty && !argument.Values.Contains(value))
        {
            return $"{argument.Name} '{value}' is not valid; {(Spelling.Nearest(value, argument.Values) is { } meant ? $"did you mean {meant}?" : $"allowed: {string.Join(", ", argument.Values)}")}";
        }

        return argument.Kind == ArgumentKind.Number && !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"{argument.Name} '{value}' is not a whole number"
            : null;
    }

    /// <summary>Suggests a command if the palette was left out or misspelt; null if nothing is similar.</summary>
    private static string? Meant(ImmutableArray<CommandPalette> palettes, ReadOnlySpan<string> words)
    {
        foreach (var palette in palettes)
        {
            if (Find(palette, words) is ({ } definition, _))
            {
                return $"did you mean {palette.Name} {definition.Name}?";
            }
        }

        return Spelling.Nearest(words[0], palettes.Select(p => p.Name)) is { } name ? $"did you mean {name}?" : null;
    }

    private static string? Meant(CommandPalette palette, ReadOnlySpan<string> words)
    {
        var names = palette.Commands.Select(c => c.Name).ToImmutableArray();
        var two = words.Length > 1 ? Spelling.Nearest($"{words[0]} {words[1]}", names.Where(n => n.Contains(' ', StringComparison.Ordinal))) : null;
        return (two ?? Spelling.Nearest(words[0], names)) is { } name ? $"did you mean {palette.Name} {name}?" : null;
    }

    private static string Names(ImmutableArray<CommandPalette> palettes) => string.Join(", ", palettes.Select(p => p.Name));

    private static string Names(CommandPalette palette) => string.Join(", ", palette.Commands.Select(c => c.Name));

    private static CommandParse.Faulty Fault(string what) => new(what);
}
