using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Journal;

/// <summary>Something that was logged.</summary>
/// <param name="Sequence">Counts up from 1 without gaps in the feed that it is of; a reader that misses one was too slow.</param>
/// <param name="Type">The name of the log event, <c>verdict-changed</c>, as listed in docs/events.md; empty for the lines of libraries.</param>
/// <param name="Endpoint">The endpoint it is about, as text; null: none.</param>
/// <param name="Fields">What stands in the text, by name: <c>from</c>, <c>to</c>, <c>why</c>.</param>
public sealed record JournalEntry(
    long Sequence,
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    string Type,
    string Text,
    string? Endpoint,
    ImmutableDictionary<string, string> Fields);
