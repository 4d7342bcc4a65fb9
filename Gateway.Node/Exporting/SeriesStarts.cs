namespace Gateway.Node.Exporting;

/// <summary>
/// Since when each series counts. A series that goes (its endpoint or route was removed) and comes back begins at zero again, which a receiver only knows by a new time of
/// its beginning.
/// </summary>
/// <param name="began">When the process began to count.</param>
internal sealed class SeriesStarts(DateTimeOffset began)
{
    private Dictionary<string, (DateTimeOffset Start, double Value)> _last = [];
    private Dictionary<string, (DateTimeOffset Start, double Value)> _current = [];
    private DateTimeOffset _exported = began;

    /// <param name="series">What tells it from all others.</param>
    /// <param name="total">What it has counted.</param>
    public DateTimeOffset Of(string series, double total)
    {
        var start = _last.TryGetValue(series, out var last) && last.Value <= total ? last.Start : _exported;
        _current[series] = (start, total);
        return start;
    }

    /// <summary>All series have been asked for: what was not is gone.</summary>
    /// <param name="now">When they were read.</param>
    public void EndExport(DateTimeOffset now)
    {
        (_last, _current) = (_current, _last);
        _current.Clear();
        _exported = now;
    }
}
