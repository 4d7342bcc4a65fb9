using System.Collections.Immutable;

namespace Gateway.Tests.Tracing;

/// <summary>An export of metrics as received by an OTLP receiver.</summary>
internal sealed record ReceivedMetrics(IReadOnlyDictionary<string, string> Resource, ImmutableArray<ReceivedPoint> Points)
{
    /// <summary>The points of a metric whose attributes have these values.</summary>
    public IEnumerable<ReceivedPoint> Of(string name, params (string Name, string Value)[] attributes) =>
        Points.Where(point => point.Metric == name && attributes.All(a => point.Attributes.GetValueOrDefault(a.Name) == a.Value));

    public static ReceivedMetrics Parse(byte[] export)
    {
        var resource = ProtobufText.Messages(export, 1).Single();
        var points = ImmutableArray.CreateBuilder<ReceivedPoint>();
        foreach (var metric in ProtobufText.Messages(resource, 2).SelectMany(scope => ProtobufText.Messages(scope, 2)))
        {
            foreach (var (field, kind) in ((int, string)[])[(5, "gauge"), (7, "sum"), (9, "histogram")])
            {
                foreach (var data in ProtobufText.Messages(metric, field))
                {
                    points.AddRange(ProtobufText.Messages(data, 1).Select(point => PointOf(metric, data, kind, point)));
                }
            }
        }

        return new(Attributes(ProtobufText.Messages(resource, 1).Single(), 1), points.ToImmutable());
    }

    private static ReceivedPoint PointOf(byte[] metric, byte[] data, string kind, byte[] point)
    {
        var isHistogram = kind == "histogram";
        return new(
            ProtobufText.Text(metric, 1), ProtobufText.Text(metric, 2), kind, kind == "gauge" ? 0 : ProtobufText.Number(data, 2), kind == "sum" && ProtobufText.Number(data, 3) == 1,
            Attributes(point, isHistogram ? 9 : 7), ProtobufText.Fixed(point, 2), ProtobufText.Fixed(point, 3), ProtobufText.Double(point, isHistogram ? 5 : 4),
            isHistogram ? (long)ProtobufText.Fixed(point, 4) : 0,
            isHistogram ? [.. ProtobufText.Packed(point, 6)] : [],
            isHistogram ? [.. ProtobufText.Packed(point, 7).Select(BitConverter.UInt64BitsToDouble)] : []);
    }

    private static Dictionary<string, string> Attributes(byte[] message, int field) =>
        ProtobufText.Messages(message, field).ToDictionary(pair => ProtobufText.Text(pair, 1), pair => ProtobufText.Text(ProtobufText.Messages(pair, 2).Single(), 1));
}

/// <summary>One series of a metric.</summary>
/// <param name="Temporality">2: totals since <paramref name="Start"/>.</param>
/// <param name="Start">Nanoseconds since 1970, like <paramref name="Time"/>.</param>
/// <param name="Value">The sum, for a histogram.</param>
internal sealed record ReceivedPoint(
    string Metric, string Description, string Kind, long Temporality, bool IsMonotonic, IReadOnlyDictionary<string, string> Attributes, ulong Start, ulong Time, double Value,
    long Count, ImmutableArray<ulong> Buckets, ImmutableArray<double> Bounds);
