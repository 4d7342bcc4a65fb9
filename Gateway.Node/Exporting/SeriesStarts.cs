namespace Gateway.Node.Exporting;

/// <summary>
/// The start time of each series. A series that disappears (its endpoint or route was removed) and returns begins at zero again, which a receiver can tell only
/// by a new start time.
/// </summary>
/// <param name="began">When the process began to count.</param>
internal sealed class SeriesStarts(DateTimeOffset began)
{
    private Dictionary<string, (DateTimeOffset Start, double Value)> _last = [];
    private Dictionary<string, (DateTimeOffset Start, double Value)> _current = [];
    private DateTimeOffset _exported = began;

    /// <param name="series">The unique key of the series.</param>
    /// <param name="total">Its current total.</param>
    public DateTimeOffset Of(string series, double total)
    {
        var start = _last.TryGetValue(series, out var last) && last.Value <= total ? last.Start : _exported;
        _current[series] = (start, total);
        return start;
    }

    /// <summary>Called after all series were requested: the others are gone.</summary>
    /// <param name="now">When they were read.</param>
    public void EndExport(DateTimeOffset now)
    {
        (_last, _current) = (_current, _last);
        _current.Clear();
        _exported = now;
    }
}
