using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.Node.Exporting;

/// <summary>
/// Writes <c>ExportMetricsServiceRequest</c>s in protobuf. Field numbers are those of opentelemetry-proto 1.x
/// (<c>opentelemetry/proto/metrics/v1/metrics.proto</c>). Sums and histograms are cumulative since the start of their series; names are those of a scrape.
/// </summary>
/// <param name="began">When the process began to count.</param>
internal sealed class OtlpMetricsRequest(string serviceName, string gatewayId, string version, DateTimeOffset began)
{
    private const string Scope = "gateway";
    private const int Cumulative = 2;

    /// <summary>The points of a request beyond which another is begun: each takes some hundred bytes, and receivers accept 4 MiB by default.</summary>
    private const int MaxPoints = 5000;

    private readonly SeriesStarts _starts = new(began);

    /// <summary>Writes all families, in as many requests as needed.</summary>
    public IReadOnlyList<byte[]> Write(ImmutableArray<MetricFamily> families, DateTimeOffset now)
    {
        List<byte[]> requests = [];
        for (var (first, next) = (0, 0); first < families.Length; first = next)
        {
            for (var points = 0; next < families.Length && (next == first || points + families[next].Samples.Length <= MaxPoints); next++)
            {
                points += families[next].Samples.Length;
            }

            requests.Add(WriteOne(families[first..next], now));
        }

        _starts.EndExport(now);
        return requests;
    }

    private byte[] WriteOne(ImmutableArray<MetricFamily> families, DateTimeOffset now) => Message(request => request.Nested(1, resource =>
    {
        resource.Nested(1, attributes =>
        {
            attributes.Attribute(1, "service.name", serviceName);
            attributes.Attribute(1, "service.instance.id", gatewayId);
            attributes.Attribute(1, "service.version", version);
        });
        resource.Nested(2, scope =>
        {
            scope.Nested(1, named => named.Text(1, Scope));
            foreach (var family in families)
            {
                scope.Nested(2, metric => Write(metric, family, now));
            }
        });
    }));

    private void Write(ProtobufMessage metric, MetricFamily family, DateTimeOffset now)
    {
        metric.Text(1, family.Name);
        metric.Text(2, family.Help);
        switch (family.Type)
        {
            case "counter":
                metric.Nested(7, sum =>
                {
                    WritePoints(sum, family, now);
                    sum.Integer(2, Cumulative);
                    sum.Integer(3, 1); // Monotonic.
                });
                break;
            case "histogram":
                metric.Nested(9, histogram =>
                {
                    foreach (var series in family.Samples.GroupBy(SeriesOf))
                    {
                        histogram.Nested(1, point => WriteHistogram(point, family.Name, [.. series], now));
                    }

                    histogram.Integer(2, Cumulative);
                });
                break;
            default:
                metric.Nested(5, gauge => WritePoints(gauge, family, now));
                break;
        }
    }

    private void WritePoints(ProtobufMessage metric, MetricFamily family, DateTimeOffset now)
    {
        foreach (var sample in family.Samples)
        {
            metric.Nested(1, point =>
            {
                WriteTimes(point, family.Type == "counter" ? _starts.Of($"{family.Name}\n{SeriesOf(sample)}", sample.Value) : began, now);
                point.Double(4, sample.Value);
                WriteLabels(point, 7, sample);
            });
        }
    }

    private void WriteHistogram(ProtobufMessage point, string name, ImmutableArray<MetricSample> series, DateTimeOffset now)
    {
        var buckets = series.Where(sample => sample.Suffix == "_bucket").Select(sample => (Bound: BoundOf(sample), Count: (ulong)sample.Value)).OrderBy(bucket => bucket.Bound).ToList();
        var count = buckets[^1].Count; // The scrape reads the count at another moment: in OTLP it must be the sum of the buckets.
        WriteTimes(point, _starts.Of($"{name}\n{SeriesOf(series[0])}", count), now);
        point.Fixed(4, count);
        point.Double(5, series.First(sample => sample.Suffix == "_sum").Value);
        point.PackedFixed(6, [.. buckets.Select((bucket, i) => bucket.Count - (i == 0 ? 0 : buckets[i - 1].Count))]); // Cumulative in a scrape.
        point.PackedFixed(7, [.. buckets.SkipLast(1).Select(bucket => BitConverter.DoubleToUInt64Bits(bucket.Bound))]); // The last has no bound.
        WriteLabels(point, 9, series[0]);
    }

    private static void WriteTimes(ProtobufMessage point, DateTimeOffset start, DateTimeOffset now)
    {
        point.Fixed(2, Nanoseconds(start));
        point.Fixed(3, Nanoseconds(now));
    }

    private static void WriteLabels(ProtobufMessage point, int field, MetricSample sample)
    {
        foreach (var (name, value) in sample.Labels)
        {
            if (name != "le")
            {
                point.Attribute(field, name, value);
            }
        }
    }

    private static string SeriesOf(MetricSample sample) => string.Join('\n', sample.Labels.Where(label => label.Key != "le").Select(label => $"{label.Key}={label.Value}"));

    private static double BoundOf(MetricSample sample) => sample.Labels.First(label => label.Key == "le").Value switch
    {
        "+Inf" => double.PositiveInfinity,
        var bound => double.Parse(bound, CultureInfo.InvariantCulture),
    };

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static byte[] Message(Action<ProtobufMessage> write)
    {
        using var message = new ProtobufMessage();
        write(message);
        return message.ToArray();
    }
}
