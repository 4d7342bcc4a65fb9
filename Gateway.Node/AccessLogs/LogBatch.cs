namespace Gateway.Node.AccessLogs;

/// <summary>Lines that are written together.</summary>
internal sealed class LogBatch
{
    public LineBuffer Lines { get; } = new();

    /// <summary>The number of lines.</summary>
    public int Count { get; set; }

    public void Clear()
    {
        Lines.Clear();
        Count = 0;
    }
}
