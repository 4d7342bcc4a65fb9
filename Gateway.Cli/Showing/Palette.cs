using System.Collections.Frozen;

namespace Gateway.Cli.Showing;

/// <summary>The colours of words that describe a state.</summary>
internal static class Palette
{
    private const string Reset = "\u001b[0m";
    private const string Green = "\u001b[32m";
    private const string Yellow = "\u001b[33m";
    private const string Red = "\u001b[31m";

    private static readonly FrozenDictionary<string, string> ByWord = new (string Color, string[] Words)[]
    {
        (Green, ["available", "healthy", "closed", "good", "ready", "up"]),
        (Yellow, ["trial", "degraded", "half-open", "draining", "suspect", "starting", "warn", "joining", "weakly-up", "leaving", "exiting"]),
        (Red, ["ejected", "unhealthy", "open", "bad", "error", "down", "unreachable", "removed"]),
    }.SelectMany(group => group.Words.Select(word => (word, group.Color))).ToFrozenDictionary(g => g.word, g => g.Color, StringComparer.Ordinal);

    /// <summary>Colours a padded cell if its text has a colour.</summary>
    public static string Paint(string says, string padded) => ByWord.TryGetValue(says, out var color) ? color + padded + Reset : padded;
}
