namespace Gateway.Cli.Shell;

/// <summary>A line being edited: its text and the cursor.</summary>
/// <param name="Cursor">0 to the length of the text.</param>
internal readonly record struct LineBuffer(string Text, int Cursor)
{
    public static LineBuffer Empty => new("", 0);

    public string BeforeCursor => Text[..Cursor];

    public static LineBuffer Of(string text) => new(text, text.Length);

    public LineBuffer Insert(string text) => new(Text.Insert(Cursor, text), Cursor + text.Length);

    public LineBuffer Backspace() => Cursor == 0 ? this : new(Text.Remove(Cursor - 1, 1), Cursor - 1);

    public LineBuffer Delete() => Cursor == Text.Length ? this : this with { Text = Text.Remove(Cursor, 1) };

    public LineBuffer Left() => this with { Cursor = Math.Max(0, Cursor - 1) };

    public LineBuffer Right() => this with { Cursor = Math.Min(Text.Length, Cursor + 1) };

    public LineBuffer Home() => this with { Cursor = 0 };

    public LineBuffer End() => this with { Cursor = Text.Length };

    public LineBuffer KillToEnd() => this with { Text = BeforeCursor };

    public LineBuffer KillToStart() => new(Text[Cursor..], 0);

    /// <summary>Removes the word before the cursor, with the blanks after it.</summary>
    public LineBuffer KillWord()
    {
        var start = BeforeCursor.TrimEnd().LastIndexOf(' ') + 1;
        return new(Text.Remove(start, Cursor - start), start);
    }
}
