using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Balancing;

namespace Gateway.Core.Priorities;

/// <summary>
/// Splits a pool's requests by priority: the first priority gets as many as its healthy endpoints can be expected to carry, and the rest
/// spills over to the next (Envoy's priority levels, with its overprovisioning factor of 1.4).
/// <code>
/// health(P) = min(100, 140 * healthy / endpoints)
/// load(P)   = min(the rest of 100, health(P) * 100 / min(100, sum of all health))
/// </code>
/// 71 % healthy gives 99/1, 50 % gives 70/30, and 25 % in both of two levels 50/50. Rounding leaves at most a few percent, which go to the first level
/// with any health.
/// <para>
/// Endpoints count, regardless of weight and slow start. A draining one counts as not healthy (Envoy's
/// <c>HealthStatus.DRAINING</c>, which "is interpreted as UNHEALTHY"; endpoints that Envoy calls excluded, and leaves out of the total, were never
/// probed): its capacity is missing as if it had failed. So does one that is held because others report it. One whose breaker admits only trials
/// counts only if its level has no better one: so a recovering level gets its trials, and none is trusted with more than its closed ones can carry.
/// </para>
/// <para>
/// A level panics when its available share is below the threshold and all levels together cannot carry everything. If all of them panic, requests are split by the
/// number of endpoints. A level without load does not panic: the excess of the others waits there instead of going to endpoints known to be dead. The only level of a pool without priorities panics by the threshold alone.
/// </para>
/// </summary>
public static class PrioritySplit
{
    /// <summary>A level counts as whole while at least 100/140 of it is healthy.</summary>
    private const int Overprovisioning = 140;

    private const int All = 100;

    /// <param name="members">Every endpoint of the pool.</param>
    /// <param name="panicThreshold">In percent; 0 for no panic.</param>
    /// <returns>The levels that have endpoints, in order of priority.</returns>
    public static ImmutableArray<PriorityLevel> Decide(IReadOnlyList<Candidate> members, int panicThreshold)
    {
        Level[] levels = [.. members.GroupBy(member => member.Priority).OrderBy(level => level.Key).Select(level => Level.Of(level.Key, [.. level]))];
        var total = Math.Min(All, levels.Sum(level => level.Health));
        bool[] panics = [.. levels.Select(level => level.IsBelow(panicThreshold) && (levels.Length == 1 || total < All))];
        var loads = total == 0 ? First(levels.Length) : Shares([.. levels.Select(level => level.Health)], total);
        if (panics.All(panic => panic) && levels.Sum(level => level.Usable) is > 0 and var usable)
        {
            loads = Shares([.. levels.Select(level => level.Usable)], usable);
        }

        return [.. levels.Select((level, i) => new PriorityLevel(level.Priority, level.Endpoints, level.Healthy, loads[i], panics[i] && loads[i] > 0))];
    }

    /// <summary>Formats the levels: <c>70 % to priority 0 (1 of 2 healthy), 30 % to priority 1 (2 of 2 healthy)</c>.</summary>
    public static string Describe(IEnumerable<PriorityLevel> levels) => string.Join(", ", levels.Select(level => string.Create(
        CultureInfo.InvariantCulture,
        $"{level.Load} % to priority {level.Priority} ({level.Healthy} of {level.Endpoints} healthy{(level.Panic ? ", panic" : "")})")));

    /// <summary>Returns the loads if none is healthy: all requests try the first level first.</summary>
    private static int[] First(int count) => [.. Enumerable.Range(0, count).Select(i => i == 0 ? All : 0)];

    private static int[] Shares(int[] sizes, int total)
    {
        var left = All;
        var shares = new int[sizes.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            shares[i] = Math.Min(left, sizes[i] * All / total);
            left -= shares[i];
        }

        shares[Array.FindIndex(sizes, size => size > 0)] += left;
        return shares;
    }

    /// <param name="Available">The endpoints that may be picked, held ones and trials included.</param>
    /// <param name="Usable">All endpoints but the draining ones.</param>
    private readonly record struct Level(int Priority, int Endpoints, int Healthy, int Available, int Usable)
    {
        public int Health => Math.Min(All, Overprovisioning * Healthy / Endpoints);

        public static Level Of(int priority, Candidate[] members)
        {
            var closed = members.Count(member => member is { InRotation: true, TrialsOnly: false });
            var healthy = closed > 0 ? closed : members.Count(member => member.InRotation);
            return new(
                priority, members.Length, healthy, members.Count(member => member.Available), members.Count(member => member.IsUsed(panic: true)));
        }

        public bool IsBelow(int threshold) => Available * All < threshold * Endpoints;
    }
}

/// <summary>The endpoints of one priority in a pool, and their share of the pool's requests.</summary>
/// <param name="Priority">0 (first) to 15.</param>
/// <param name="Endpoints">The number of endpoints, draining ones included.</param>
/// <param name="Healthy">The number of healthy endpoints.</param>
/// <param name="Load">Percent of the pool's requests, 0 to 100; those of all levels sum to 100.</param>
/// <param name="Panic">Whether so few are healthy that all but the draining ones are used.</param>
public sealed record PriorityLevel(int Priority, int Endpoints, int Healthy, int Load, bool Panic);
