using Gateway.Core.Analytics;

namespace Gateway.Node.Metrics;

/// <summary>One of a backend's two series for the analytics: requests, which count for its pool, and attempts, which count for the backend.</summary>
internal sealed class BackendSeries(SeriesKey key, Func<SeriesCounts> read) : ISeriesSource
{
    public SeriesKey Key => key;

    public SeriesCounts Read() => read();
}
