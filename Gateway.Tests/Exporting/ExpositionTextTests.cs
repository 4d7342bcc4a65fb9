using Gateway.Node.Exporting;
using Prometheus;

namespace Gateway.Tests.Exporting;

public sealed class ExpositionTextTests
{
    [Fact]
    public async Task Output_of_the_registry_is_read_with_every_label_and_value()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        factory.CreateCounter("a_total", "Says \\ and more.", "one", "two").WithLabels("quote \" backslash \\ line\nend } = ,", "").Inc(3);
        factory.CreateGauge("b", "A gauge.").Set(double.NegativeInfinity);
        factory.CreateHistogram("c_seconds", "A histogram.", new HistogramConfiguration { Buckets = [0.5, 1] }).Observe(0.75);
        using var scrape = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(scrape);

        var families = ExpositionText.Parse(System.Text.Encoding.UTF8.GetString(scrape.ToArray())).ToDictionary(family => family.Name);

        Assert.Equal(3, families.Count);
        var counter = Assert.Single(families["a_total"].Samples);
        Assert.Equal(("counter", 3.0), (families["a_total"].Type, counter.Value));
        Assert.Equal([("one", "quote \" backslash \\ line\nend } = ,"), ("two", "")], counter.Labels.Select(label => (label.Key, label.Value)));
        Assert.Equal(("gauge", double.NegativeInfinity), (families["b"].Type, Assert.Single(families["b"].Samples).Value));
        Assert.Equal(
            [("_sum", "", 0.75), ("_count", "", 1), ("_bucket", "0.5", 0), ("_bucket", "1", 1), ("_bucket", "+Inf", 1)],
            families["c_seconds"].Samples.Select(sample => (sample.Suffix, sample.Labels.IsEmpty ? "" : sample.Labels[0].Value, sample.Value)));
    }

    [Theory]
    [InlineData("# TYPE a counter\nb 1\n# HELP a\n")]
    [InlineData("# HELP a A.\n# TYPE a counter\na{b=\"c 1\n")]
    [InlineData("# HELP a A.\n# TYPE a counter\na{b} 1\n")]
    [InlineData("# HELP a A.\n# TYPE a counter\na one\n")]
    [InlineData("# HELP a A.\n# TYPE a counter\nb 1\n")]
    public void Text_of_another_format_is_refused(string text) => Assert.Throws<FormatException>(() => ExpositionText.Parse(text));
}
