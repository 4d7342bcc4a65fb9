using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>
/// The routes of one host, most specific first. Many are indexed by the first segment of the path, so that a request is compared only with those that could
/// match. Immutable; looking up allocates nothing.
/// </summary>
internal sealed class RuleSet<T>
{
    /// <summary>Up to this number, comparing all of them is faster than a lookup.</summary>
    private const int Few = 8;

    private readonly ImmutableArray<RouteRule<T>> _elsewhere;
    private readonly FrozenDictionary<byte[], ImmutableArray<RouteRule<T>>>.AlternateLookup<ReadOnlySpan<byte>> _byFirst;

    public RuleSet(IEnumerable<RouteRule<T>> rules)
    {
        All = [.. rules.Order()];
        _elsewhere = All.Length <= Few ? All : [.. All.Where(r => r.Path.FirstSegment.IsEmpty)];
        var first = All.Length <= Few ? [] : All.Select(r => r.Path.FirstSegment.ToArray()).Where(s => s.Length > 0).Distinct(OctetComparer.Instance);
        _byFirst = first
            .ToFrozenDictionary(
                segment => segment,
                segment => All.Where(r => r.Path.FirstSegment.IsEmpty || r.Path.FirstSegment.SequenceEqual(segment)).ToImmutableArray(),
                OctetComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public ImmutableArray<RouteRule<T>> All { get; }

    /// <summary>The routes that can match the path, and perhaps others.</summary>
    public ImmutableArray<RouteRule<T>> For(ReadOnlySpan<byte> path) =>
        _byFirst.Dictionary.Count > 0 && _byFirst.TryGetValue(RoutePath.FirstSegmentOf(path), out var rules) ? rules : _elsewhere;
}
