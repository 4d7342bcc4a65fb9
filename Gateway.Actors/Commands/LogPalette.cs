using System.Runtime.CompilerServices;
using Gateway.Actors.Journal;
using Gateway.Core.Commands;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Commands;

/// <summary>The palette <c>log</c>: this replica's log.</summary>
public sealed class LogPalette(JournalFeed lines, LogLevels levels)
{
    private const string Count = "count";
    private const string Level = "level";

    private static readonly (string Name, LogLevel Level)[] Names =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error),
    ];

    private static CommandOutput Table => new CommandOutput.Table(
        [new("time", "TIME", Width: 24), new("level", "LEVEL", Width: 5), new("category", "CATEGORY", Width: 20), new("text", "TEXT")], TableStyle.Live);

    public Palette Palette => new("log", "The log of this replica.",
    [
        new(
            new("tail", "The last lines, then new ones as they are logged.",
                [new(Count, "-n", "Number of past lines.") { Kind = ArgumentKind.Number, Default = "10" }]),
            TailAsync),
        new(
            new("peek", "The last lines.",
                [new(Count, "-n", "Number of lines.") { Kind = ArgumentKind.Number, Default = "50" }]),
            PeekAsync),
        new(
            new("level", "Show the minimum log level, or set it until the next start.",
                [new(Level, "-l", "The new level.") { Positional = true, Values = [.. Names.Select(n => n.Name)] }], Changes: true),
            LevelAsync),
    ]);

    private async IAsyncEnumerable<CommandOutput> TailAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return Table;
        await foreach (var entry in lines.FollowAsync(lines.Before(request.Number(Count)), cancellation).ConfigureAwait(false))
        {
            yield return RowOf(entry);
        }
    }

    private async IAsyncEnumerable<CommandOutput> PeekAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield return Table;
        foreach (var entry in lines.Last(request.Number(Count)))
        {
            yield return RowOf(entry);
        }
    }

    private async IAsyncEnumerable<CommandOutput> LevelAsync(CommandRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        if (request[Level] is { } wanted)
        {
            levels.Level = Names.Single(n => n.Name == wanted).Level;
        }

        yield return new CommandOutput.Line(NameOf(levels.Level));
    }

    private static string NameOf(LogLevel level) => Names.FirstOrDefault(n => n.Level == level).Name ?? level.ToString().ToLowerInvariant();

    private static CommandOutput.Row RowOf(JournalEntry entry) => new(
        [Times.Show(entry.Time), NameOf(entry.Level), entry.Category[(entry.Category.LastIndexOf('.') + 1)..], entry.Text]);
}
