using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>
/// Whether words ask for help, and on what: <c>help</c> or <c>?</c> in front, behind the palette, or at the end, so that it is found where
/// somebody gets stuck.
/// </summary>
public static class HelpRequest
{
    /// <summary>The words that help is wanted on, none for all; null: they ask for no help.</summary>
    public static ImmutableArray<string>? On(ImmutableArray<string> words)
    {
        if (words.IsEmpty)
        {
            return null;
        }

        return Asks(words[0]) ? words[1..]
            : words.Length > 1 && Asks(words[1]) ? words.RemoveAt(1)
            : words.Length > 2 && Asks(words[^1]) ? words[..^1]
            : null;
    }

    private static bool Asks(string word) => word is "help" or "?";
}
