using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Commands;

namespace Gateway.Cli.Shell;

/// <summary>Reads lines key by key, with history and completion. The keys are those of other shells.</summary>
/// <param name="complete">Returns the words possible at the end of the text before the cursor.</param>
internal sealed class LineReader(ITerminal terminal, string prompt, Func<string, Task<ImmutableArray<string>>> complete)
{
    private const string ClearToEnd = "\u001b[K";

    private readonly History _history = new();

    /// <summary>The next line; null when the input ends (Ctrl-D).</summary>
    public async Task<string?> ReadAsync()
    {
        var line = LineBuffer.Empty;
        Draw(line);
        while (true)
        {
            var key = terminal.ReadKey();
            switch ((key.Key, key.Modifiers.HasFlag(ConsoleModifiers.Control)))
            {
                case (ConsoleKey.Enter, _):
                    terminal.Out.WriteLine();
                    _history.Add(line.Text);
                    return line.Text;
                case (ConsoleKey.D, true) when line.Text.Length == 0:
                    terminal.Out.WriteLine();
                    return null;
                case (ConsoleKey.C, true):
                    terminal.Out.WriteLine("^C");
                    line = LineBuffer.Empty;
                    break;
                case (ConsoleKey.Tab, _):
                    line = await CompleteAsync(line);
                    break;
                case (ConsoleKey.UpArrow, _) or (ConsoleKey.P, true):
                    line = _history.Older(line.Text) is { } older ? LineBuffer.Of(older) : line;
                    break;
                case (ConsoleKey.DownArrow, _) or (ConsoleKey.N, true):
                    line = _history.Newer() is { } newer ? LineBuffer.Of(newer) : line;
                    break;
                default:
                    line = Edit(line, key);
                    break;
            }

            Draw(line);
        }
    }

    private static LineBuffer Edit(LineBuffer line, ConsoleKeyInfo key) => (key.Key, key.Modifiers.HasFlag(ConsoleModifiers.Control)) switch
    {
        (ConsoleKey.LeftArrow, _) or (ConsoleKey.B, true) => line.Left(),
        (ConsoleKey.RightArrow, _) or (ConsoleKey.F, true) => line.Right(),
        (ConsoleKey.Home, _) or (ConsoleKey.A, true) => line.Home(),
        (ConsoleKey.End, _) or (ConsoleKey.E, true) => line.End(),
        (ConsoleKey.Backspace, _) or (ConsoleKey.H, true) => line.Backspace(),
        (ConsoleKey.Delete, _) or (ConsoleKey.D, true) => line.Delete(),
        (ConsoleKey.K, true) => line.KillToEnd(),
        (ConsoleKey.U, true) => line.KillToStart(),
        (ConsoleKey.W, true) => line.KillWord(),
        _ => char.IsControl(key.KeyChar) ? line : line.Insert(key.KeyChar.ToString()),
    };

    private async Task<LineBuffer> CompleteAsync(LineBuffer line)
    {
        var options = await complete(line.BeforeCursor);
        var typed = line.BeforeCursor[(line.BeforeCursor.LastIndexOf(' ') + 1)..];
        if (options is [var only])
        {
            return line.Insert(only[typed.Length..] + " ");
        }

        var common = CommandCompletion.Common(options);
        if (common.Length > typed.Length)
        {
            return line.Insert(common[typed.Length..]);
        }

        if (options.Length > 0)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(string.Join("  ", options));
        }

        return line;
    }

    /// <summary>Redraws prompt and line. A line wider than the terminal shows the part around the cursor.</summary>
    private void Draw(LineBuffer line)
    {
        var room = Math.Max(10, terminal.Width - prompt.Length - 1);
        var from = Math.Max(0, line.Cursor - room);
        var shown = line.Text.Substring(from, Math.Min(room, line.Text.Length - from));
        var column = prompt.Length + line.Cursor - from;
        terminal.Out.Write("\r" + prompt + shown + ClearToEnd + "\r" +
            (column == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\u001b[{column}C")));
        terminal.Out.Flush();
    }
}
