namespace Gateway.Node.AccessLogs;

/// <summary>Lines that are written at once.</summary>
internal sealed class LogBatch
{
    public LineBuffer Lines { get; } = new();

    /// <summary>How many lines they are.</summary>
    public int Count { get; set; }

    public void Clear()
    {
        Lines.Clear();
        Count = 0;
    }
}
