using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Journal;

/// <summary>A log entry.</summary>
/// <param name="Sequence">Numbered from 1 without gaps within a feed; a reader that misses one was too slow.</param>
/// <param name="Type">
/// The name of the log event, such as <c>verdict-changed</c>, listed in docs/events.md; empty for lines of libraries.
/// </param>
/// <param name="Endpoint">The endpoint concerned, as text; null if none.</param>
/// <param name="Fields">The values in the text, by name: <c>from</c>, <c>to</c>, <c>why</c>.</param>
public sealed record JournalEntry(
    long Sequence,
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    string Type,
    string Text,
    string? Endpoint,
    ImmutableDictionary<string, string> Fields);
