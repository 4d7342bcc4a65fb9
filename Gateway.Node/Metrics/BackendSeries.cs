using Gateway.Core.Analytics;

namespace Gateway.Node.Metrics;

/// <summary>One of the two things that are counted of a backend, for the analytics: requests, which are its pool's, and attempts, which are its own.</summary>
internal sealed class BackendSeries(SeriesKey key, Func<SeriesCounts> read) : ISeriesSource
{
    public SeriesKey Key => key;

    public SeriesCounts Read() => read();
}
