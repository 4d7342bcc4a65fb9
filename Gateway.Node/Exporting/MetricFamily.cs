using System.Collections.Immutable;

namespace Gateway.Node.Exporting;

/// <summary>A metric with all of its series, at one moment.</summary>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
internal sealed record MetricFamily(string Name, string Type, string Help, ImmutableArray<MetricSample> Samples);

/// <summary>One line of a family.</summary>
/// <param name="Suffix">The part after the family's name: empty, or <c>_bucket</c>, <c>_sum</c>, <c>_count</c> of a histogram.</param>
internal readonly record struct MetricSample(string Suffix, ImmutableArray<KeyValuePair<string, string>> Labels, double Value);
