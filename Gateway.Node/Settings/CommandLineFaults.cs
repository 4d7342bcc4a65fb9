using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Core.Commands;

namespace Gateway.Node.Settings;

/// <summary>What is wrong with a command line as such: words that are neither flag, value nor command.</summary>
internal static class CommandLineFaults
{
    /// <summary>Where, what, and the flag that an unknown one may have been meant for.</summary>
    public static IEnumerable<(string Where, string What, string? Meant)> Of(ParseResult commandLine)
    {
        var command = commandLine.CommandResult.Command;
        var unmatched = commandLine.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);
        var afterUnknownFlag = false;
        foreach (var token in commandLine.Tokens)
        {
            var word = token.Value;

            // An unknown flag is either unmatched or was taken for the value of the flag before it.
            var unknownFlag = token.Type == TokenType.Argument &&
                (word.StartsWith("--", StringComparison.Ordinal) || (word.StartsWith('-') && unmatched.Contains(word)));
            if (unknownFlag)
            {
                yield return Unknown(word.Split('=')[0], "flag", word.Split('=')[0], command.Options.Select(o => o.Name));
            }

            // What follows an unknown flag is most likely its value, and not a fault of its own.
            else if (token.Type == TokenType.Argument && unmatched.Contains(word) && !afterUnknownFlag)
            {
                yield return Unknown(Faults.Quote(word), "command", word, command.Subcommands.Select(c => c.Name));
            }

            afterUnknownFlag = unknownFlag;
        }

        // The flags of the gateway itself take any text, so that the schema judges it; a subcommand's may have types.
        foreach (var error in commandLine.Errors)
        {
            if (!unmatched.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal)))
            {
                yield return (command.Name, error.Message, null);
            }
        }
    }

    private static (string Where, string What, string? Meant) Unknown(string where, string kind, string word, IEnumerable<string> known)
    {
        var all = known.ToList();
        var meant = Spelling.Nearest(word, all);
        return (
            where,
            meant is not null ? $"unknown {kind}; did you mean {meant}?"
            : all.Count == 0 ? $"unexpected argument"
            : $"unknown {kind}; allowed: {string.Join(", ", all)}",
            meant);
    }
}
