namespace Gateway.Cli.Showing;

/// <summary>
/// Shows frames in place, on the terminal's alternate screen, so that the previous contents are restored afterwards. The last frame is then written below them,
/// since it would otherwise be lost.
/// </summary>
/// <param name="height">Returns the terminal's height in lines, which can change.</param>
internal sealed class LiveScreen(TextWriter writer, Func<int> height) : IDisposable
{
    // xterm's control sequences: the alternate screen, a hidden cursor, and long lines cut off at the edge; then the reverse.
    private const string Enter = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private const string Leave = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ClearRestOfLine = "\u001b[K";
    private const string ClearRest = "\u001b[J";

    private readonly List<string> _frame = [];
    private bool _open;
    private bool _begins;

    /// <summary>Begins a frame: the lines that follow replace those on the screen.</summary>
    public void BeginFrame()
    {
        if (!_open)
        {
            writer.Write(Enter + Home + ClearRest);
            _open = true;
        }

        _begins = true;
    }

    /// <summary>Adds lines to the frame. Its last line counts those that do not fit on the screen.</summary>
    public void Write(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        if (_begins)
        {
            writer.Write(Home);
            _frame.Clear();
            _begins = false;
        }

        var room = Math.Max(1, height() - 1) - _frame.Count;
        _frame.AddRange(lines);
        var shown = lines.Count <= room ? lines.Count : Math.Max(0, room - 1);
        foreach (var line in lines.Take(shown))
        {
            writer.WriteLine(line + ClearRestOfLine);
        }

        if (shown < lines.Count && room > 0)
        {
            writer.WriteLine($"... {lines.Count - shown} more lines do not fit{ClearRestOfLine}");
        }

        writer.Write(ClearRest);
    }

    public void Dispose()
    {
        if (!_open)
        {
            return;
        }

        writer.Write(Leave);
        _open = false;
        _frame.ForEach(writer.WriteLine);
    }
}
