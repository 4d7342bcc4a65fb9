namespace Gateway.Cli.Shell;

/// <summary>Earlier lines, and the current position in them.</summary>
internal sealed class History
{
    private readonly List<string> _lines = [];
    private int _place;
    private string _typed = "";

    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
        }

        _place = _lines.Count;
    }

    /// <summary>The line before the one shown; null: none.</summary>
    /// <param name="typed">The current line; it comes back after the newest.</param>
    public string? Older(string typed)
    {
        if (_place == 0)
        {
            return null;
        }

        if (_place == _lines.Count)
        {
            _typed = typed;
        }

        return _lines[--_place];
    }

    /// <summary>The line after the one shown; null: none.</summary>
    public string? Newer()
    {
        if (_place >= _lines.Count)
        {
            return null;
        }

        return ++_place == _lines.Count ? _typed : _lines[_place];
    }
}
