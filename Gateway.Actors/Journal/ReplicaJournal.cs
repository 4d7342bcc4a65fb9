using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Addressing;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Journal;

/// <summary>
/// Records a replica's log for outside readers. The gateway logs only transitions, so each of its
/// own named lines is an event; other lines are kept separately.
/// </summary>
public sealed class ReplicaJournal(TimeProvider clock, LogLevels levels) : ILoggerProvider
{
    private const int EventsKept = 1_000;
    private const int LinesKept = 2_000;

    /// <summary>The category prefix of the gateway's own lines.</summary>
    internal const string Own = "Gateway.";

    /// <summary>This replica's transitions, at level information and above.</summary>
    public JournalFeed Events { get; } = new(EventsKept);

    /// <summary>All log lines at the current level.</summary>
    public JournalFeed Lines { get; } = new(LinesKept);

    private TimeProvider Clock { get; } = clock;

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(JournalEntry entry)
    {
        if (levels.Allows(entry.Category, entry.Level))
        {
            Lines.Add(entry);
        }

        if (entry.Level >= LogLevel.Information && entry.Type.Length > 0)
        {
            Events.Add(entry);
        }
    }

    private sealed class Writer(ReplicaJournal journal, string category) : ILogger
    {
        private readonly bool _own = category.StartsWith(Own, StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = ImmutableDictionary.CreateBuilder<string, string>();
            string? endpoint = null;
            foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                if (value is EndpointId id)
                {
                    endpoint = id.ToString();
                }
                else if (value is not null && !name.StartsWith('{'))
                {
                    fields[JsonNamingPolicy.CamelCase.ConvertName(name)] = value.ToString() ?? "";
                }
            }

            var text = formatter(state, exception);
            journal.Write(new(
                0,
                journal.Clock.GetUtcNow(),
                logLevel,
                category,
                _own ? eventId.Name ?? "" : "",
                exception is null ? text : $"{text}: {exception.Message}",
                endpoint,
                fields.ToImmutable()));
        }
    }
}
