using System.Collections.Immutable;

namespace Gateway.Node.Recording;

/// <summary>Which requests are told, and what of them.</summary>
/// <param name="Fields">The names of the request fields that are told, as bytes; compared without case.</param>
/// <param name="Sample">The share of requests that is told, 0 to 1.</param>
/// <param name="Slow">A request that took as long is told in any case, in timestamps of the clock.</param>
/// <param name="Queue">Records that may wait for being written, for each loop.</param>
internal sealed record AccessPolicy(ImmutableArray<byte[]> Fields, double Sample, long Slow, int Queue)
{
    /// <summary>Whether the request is told.</summary>
    /// <param name="unit">Random, uniform in [0, 1).</param>
    public bool Tells(AccessRecord record, double unit) =>
        unit < Sample || record.Status >= StatusCodes.Status500InternalServerError || record.Ended - record.Begun >= Slow;
}
