using System.Collections.Immutable;
using Gateway.Node.Exporting;
using Gateway.Tests.Tracing;

namespace Gateway.Tests.Exporting;

public sealed class OtlpMetricsRequestTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly OtlpMetricsRequest _request = new("gateway", "g", "1", Began);

    [Fact]
    public void The_count_of_a_histogram_is_the_sum_of_its_buckets_whenever_it_was_read()
    {
        var point = Assert.Single(Export(1, new MetricFamily("h", "histogram", "H.", [Sample("_sum", 3), Sample("_count", 1), Sample("_bucket", 1, ("le", "1")), Sample("_bucket", 2, ("le", "+Inf"))])));
        Assert.Equal(2, point.Count);
        Assert.Equal([1, 1], point.Buckets.ToArray());
        Assert.Equal([1], point.Bounds.ToArray());
    }

    [Fact]
    public void A_series_that_went_and_came_back_begins_anew()
    {
        var (first, second) = (Counter("a", 5), Counter("b", 1));
        Assert.Equal(Nanoseconds(Began), Assert.Single(Export(1, first)).Start);
        Assert.Equal([Nanoseconds(Began), Nanoseconds(Began.AddSeconds(1))], Export(2, first, second).Select(point => point.Start)); // The second began after the first export.
        Export(3, second);
        Assert.Equal(Nanoseconds(Began.AddSeconds(3)), Export(4, Counter("a", 7), second)[0].Start);
        Assert.Equal(Nanoseconds(Began.AddSeconds(4)), Export(5, Counter("a", 6), second)[0].Start); // It has fallen: removed and added again.
    }

    [Fact]
    public void Many_points_go_in_several_requests_and_none_is_lost()
    {
        var families = Enumerable.Range(0, 40).Select(i => new MetricFamily($"m{i}", "gauge", "M.", [.. Enumerable.Range(0, i == 7 ? 9000 : 500).Select(n => Sample("", n, ("n", $"{n}")))])).ToImmutableArray();
        var requests = _request.Write(families, Began);
        Assert.InRange(requests.Count, 5, 8);
        Assert.Equal((39 * 500) + 9000, requests.Sum(request => ReceivedMetrics.Parse(request).Points.Length));
    }

    private ImmutableArray<ReceivedPoint> Export(int second, params ImmutableArray<MetricFamily> families) =>
        ReceivedMetrics.Parse(Assert.Single(_request.Write(families, Began.AddSeconds(second)))).Points;

    private static MetricFamily Counter(string name, double value) => new(name, "counter", "C.", [Sample("", value)]);

    private static MetricSample Sample(string suffix, double value, params (string Name, string Value)[] labels) => new(suffix, [.. labels.Select(label => KeyValuePair.Create(label.Name, label.Value))], value);

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
}
