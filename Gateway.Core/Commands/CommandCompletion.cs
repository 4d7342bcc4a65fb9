using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>Completes a command line.</summary>
public static class CommandCompletion
{
    /// <summary>Returns the kind of the argument being typed, so that its names can be looked up; null if none.</summary>
    public static ArgumentKind? KindAt(ImmutableArray<CommandPalette> palettes, string line) =>
        At(palettes, line) is { Argument: { } argument } ? argument.Kind : null;

    /// <summary>Returns the completions of the current word, in order.</summary>
    /// <param name="line">The text before the cursor.</param>
    /// <param name="names">Names for the kind returned by <see cref="KindAt"/>.</param>
    public static ImmutableArray<string> Of(ImmutableArray<CommandPalette> palettes, string line, ImmutableArray<string> names)
    {
        var place = At(palettes, line);
        var all = place.Argument is { } argument ? (argument.Values.IsEmpty ? names : argument.Values).AddRange(place.Words) : place.Words;
        return [.. all.Where(w => w.StartsWith(place.Typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns the common prefix.</summary>
    public static string Common(ImmutableArray<string> words) => words.IsEmpty
        ? ""
        : words.Aggregate(static (a, b) => a[..a.AsSpan().CommonPrefixLength(b)])!;

    private static Place At(ImmutableArray<CommandPalette> palettes, string line)
    {
        var words = CommandWords.Split(line);
        var typed = line.Length > 0 && !char.IsWhiteSpace(line[^1]) ? words[^1] : "";
        var before = typed.Length > 0 ? words[..^1] : words;
        if (before.IsEmpty || before is ["help" or "?"])
        {
            return new(typed, [.. palettes.Select(p => p.Name), .. before.IsEmpty ? ["help", "exit"] : Array.Empty<string>()], null);
        }

        if (palettes.FirstOrDefault(p => p.Name == before[0]) is not { } palette)
        {
            return new(typed, [], null);
        }

        var rest = before[1..];
        var (definition, length) = CommandLine.Find(palette, rest.AsSpan());
        return definition is null ? new(typed, NextWords(palette, rest), null) : AtArgument(typed, definition, rest[length..]);
    }

    /// <summary>Returns the next word of each command whose name begins with these words.</summary>
    private static ImmutableArray<string> NextWords(CommandPalette palette, ImmutableArray<string> words) =>
    [
        .. palette.Commands.Select(c => c.Name.Split(' '))
            .Where(name => name.Length > words.Length && name.AsSpan(0, words.Length).SequenceEqual(words.AsSpan()))
            .Select(name => name[words.Length]),
    ];

    private static Place AtArgument(string typed, CommandDefinition definition, ImmutableArray<string> words)
    {
        var given = new HashSet<CommandArgument>();
        CommandArgument? open = null;
        foreach (var word in words)
        {
            if (open is not null)
            {
                open = null;
                continue;
            }

            var argument = definition.Arguments.FirstOrDefault(a => a.Switch == word)
                ?? definition.Arguments.FirstOrDefault(a => a.Positional && !given.Contains(a));
            if (argument is not null)
            {
                given.Add(argument);
                open = argument.Switch == word && !argument.Flag ? argument : null;
            }
        }

        if (open is not null)
        {
            return new(typed, [], open);
        }

        var left = definition.Arguments.Where(a => !given.Contains(a)).ToImmutableArray();
        return new(typed, [.. left.Select(a => a.Switch)], left.FirstOrDefault(a => a.Positional));
    }

    private readonly record struct Place(string Typed, ImmutableArray<string> Words, CommandArgument? Argument);
}
