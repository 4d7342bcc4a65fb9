using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Journal;

/// <summary>The least severe lines that are logged, which an operator can change while the process runs.</summary>
public sealed class LogLevels(LogLevel level)
{
    private volatile LogLevel _level = level;

    /// <summary>For the gateway's own lines.</summary>
    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    /// <summary>Whether a line is logged: what libraries have to say only from warnings on.</summary>
    public bool Allows(string? category, LogLevel level) => category switch
    {
        _ when level < _level => false,
        null => true,
        _ when category.StartsWith("Akka", StringComparison.Ordinal) || category.StartsWith("Microsoft", StringComparison.Ordinal) =>
            level >= LogLevel.Warning,
        _ => true,
    };

    /// <summary>The same for the journal, which keeps the gateway's transitions whatever the level.</summary>
    public bool AllowsInJournal(string? category, LogLevel level) =>
        Allows(category, level) ||
        (level >= LogLevel.Information && category?.StartsWith(ReplicaJournal.Own, StringComparison.Ordinal) == true);
}
