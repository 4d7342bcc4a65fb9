using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Journal;

/// <summary>The minimum level of logged lines, which an operator can change at run time.</summary>
public sealed class LogLevels(LogLevel level)
{
    private volatile LogLevel _level = level;

    /// <summary>The level for the gateway's own lines.</summary>
    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    /// <summary>Whether a line is logged: lines of libraries only from warning up.</summary>
    public bool Allows(string? category, LogLevel level) => category switch
    {
        _ when level < _level => false,
        null => true,
        _ when category.StartsWith("Akka", StringComparison.Ordinal) || category.StartsWith("Microsoft", StringComparison.Ordinal) =>
            level >= LogLevel.Warning,
        _ => true,
    };

    /// <summary>Whether a line is kept in the journal, which has the gateway's transitions at any level.</summary>
    public bool AllowsInJournal(string? category, LogLevel level) =>
        Allows(category, level) ||
        (level >= LogLevel.Information && category?.StartsWith(ReplicaJournal.Own, StringComparison.Ordinal) == true);
}
