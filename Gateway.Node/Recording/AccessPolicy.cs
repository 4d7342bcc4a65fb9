using System.Collections.Immutable;

namespace Gateway.Node.Recording;

/// <summary>Which requests are recorded, and which of their fields.</summary>
/// <param name="Fields">The names of the recorded request fields, as bytes; case-insensitive.</param>
/// <param name="Sample">The share of requests recorded, 0 to 1.</param>
/// <param name="Slow">Requests that take at least as long are always recorded, in timestamps of the clock.</param>
/// <param name="Queue">The most records waiting to be written, per loop.</param>
internal sealed record AccessPolicy(ImmutableArray<byte[]> Fields, double Sample, long Slow, int Queue)
{
    /// <summary>Whether the request is recorded.</summary>
    /// <param name="unit">Random, uniform in [0, 1).</param>
    public bool Includes(AccessRecord record, double unit) =>
        unit < Sample || record.Status >= StatusCodes.Status500InternalServerError || record.Ended - record.Begun >= Slow;
}
