using System.Collections.Immutable;
using Gateway.Actors.Journal;

namespace Gateway.Node.Admin;

/// <summary>The data of an event in <c>GET /events</c>.</summary>
/// <param name="Sequence">Increases by one; a gap means that the reader was too slow and events were dropped.</param>
/// <param name="Type">The type of the event: <c>verdict-changed</c>, <c>breaker-moved</c>, <c>endpoint-joined</c> and so on; docs/events.md lists them.</param>
/// <param name="Endpoint">The endpoint concerned; null: none.</param>
/// <param name="Fields">The values in the text, by name.</param>
internal sealed record EventReport(
    long Sequence, DateTimeOffset Time, string Type, LogLevel Level, string Text, string? Endpoint, ImmutableDictionary<string, string> Fields)
{
    public static EventReport Of(JournalEntry entry) =>
        new(entry.Sequence, entry.Time, entry.Type, entry.Level, entry.Text, entry.Endpoint, entry.Fields);
}
