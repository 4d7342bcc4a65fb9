using System.CommandLine;
using System.CommandLine.Parsing;
using Gateway.Core.Commands;

namespace Gateway.Node.Settings;

/// <summary>Errors in the form of a command line: words that are neither flag, value nor command.</summary>
internal static class CommandLineFaults
{
    /// <summary>The place, the error, and the flag that an unknown one may stand for.</summary>
    public static IEnumerable<(string Where, string What, string? Meant)> Of(ParseResult commandLine)
    {
        var command = commandLine.CommandResult.Command;
        var unmatched = commandLine.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);
        var afterUnknownFlag = false;
        foreach (var token in commandLine.Tokens)
        {
            var word = token.Value;

            // An unknown flag is either unmatched, or was parsed as the value of the flag before it.
            var unknownFlag = token.Type == TokenType.Argument &&
                (word.StartsWith("--", StringComparison.Ordinal) || (word.StartsWith('-') && unmatched.Contains(word)));
            if (unknownFlag)
            {
                yield return Unknown(word.Split('=')[0], "flag", word.Split('=')[0], command.Options.Select(o => o.Name));
            }

            // A word after an unknown flag is most likely its value, not a separate error.
            else if (token.Type == TokenType.Argument && unmatched.Contains(word) && !afterUnknownFlag)
            {
                yield return Unknown(Faults.Quote(word), "command", word, command.Subcommands.Select(c => c.Name));
            }

            afterUnknownFlag = unknownFlag;
        }

        // The gateway's own flags accept any text, which the schema then checks; a subcommand's may have types.
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
            : all.Count == 0 ? "unexpected argument"
            : $"unknown {kind}; allowed: {string.Join(", ", all)}",
            meant);
    }
}
