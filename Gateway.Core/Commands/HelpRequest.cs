using System.Collections.Immutable;

namespace Gateway.Core.Commands;

/// <summary>
/// Recognizes requests for help, and their topic: <c>help</c> or <c>?</c> at the start, after the palette, or at the end, wherever the
/// user gets stuck.
/// </summary>
public static class HelpRequest
{
    /// <summary>Returns the words to show help for, empty for all; null if the words do not ask for help.</summary>
    public static ImmutableArray<string>? On(ImmutableArray<string> words)
    {
        if (words.IsEmpty)
        {
            return null;
        }

        return Asks(words[0]) ? words[1..]
            : words.Length > 1 && Asks(words[1]) ? words.RemoveAt(1)
            : Asks(words[^1]) ? words[..^1]
            : null;
    }

    private static bool Asks(string word) => word is "help" or "?";
}
