using Akka.Actor;
using Gateway.Actors.Local;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Actors;

/// <summary>Reads a pool as requests do, on threads of their own, while its settings are changed again and again.</summary>
public sealed class SnapshotTests : ActorTest
{
    private const int Readers = 2;
    private const int Editions = 50;

    private readonly long[] _seen = new long[Readers];
    private volatile bool _over;

    [Fact]
    public async Task Settings_are_never_seen_with_the_picker_the_endpoints_or_the_levels_of_other_settings()
    {
        await ConfigureAsync(Shape(0));
        var pool = Pool;
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(() => Read(pool, reader))).ToArray();
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        for (var n = 1; _seen.Any(seen => Volatile.Read(in seen) < Editions) && !readers.Any(reader => reader.IsCompleted); n++)
        {
            await PoolsActor.Ask<PoolsConfigured>(new ConfigurePools([Shape(n)]), limit.Token);
        }

        _over = true;
        Assert.All(await Task.WhenAll(readers), Assert.Null);
    }

    /// <summary>Settings that differ in everything that a snapshot is made of: two endpoints by chance, or three others in turn.</summary>
    private static PoolSettings Shape(int n) => n % 2 == 0
        ? Settings(2) with { Strategy = Strategy.Random }
        : Settings(5) with { Strategy = Strategy.RoundRobin, Endpoints = Settings(5).Endpoints.RemoveRange(0, 2) };

    /// <returns>The first fault seen, or null.</returns>
    private string? Read(Pool pool, int reader)
    {
        var last = -1L;
        for (var random = 1UL; !_over; random = RandomBits.Mix(random))
        {
            var snapshot = pool.Snapshot;
            if (FaultOf(snapshot, random) is { } fault)
            {
                return fault;
            }

            if (snapshot.Edition < last)
            {
                return $"edition {snapshot.Edition} after {last}";
            }

            Volatile.Write(ref _seen[reader], _seen[reader] + (snapshot.Edition == last ? 0 : 1));
            last = snapshot.Edition;
        }

        return null;
    }

    private static string? FaultOf(PoolSnapshot snapshot, ulong random)
    {
        var settings = snapshot.Settings;
        var pick = snapshot.Picker.Pick(new(0, random, TimeSpan.Zero));
        pick.Lease.Release();
        return settings switch
        {
            _ when (snapshot.Edition % 2 == 0) != (settings.Strategy == Strategy.Random) => $"edition {snapshot.Edition} with {settings.Strategy}",
            { Strategy: Strategy.Random } when snapshot.Picker is not RandomPicker => $"{settings.Strategy} with {snapshot.Picker}",
            { Strategy: Strategy.RoundRobin } when snapshot.Picker is not RotatingPicker => $"{settings.Strategy} with {snapshot.Picker}",
            _ when !snapshot.Members.Select(member => member.Id.Address).SequenceEqual(settings.Endpoints.Select(e => e.Address)) => "other endpoints",
            _ when !snapshot.Members.Any(member => member.Cell == pick.Lease.Cell) => "a pick of another endpoint",
            _ when snapshot.Levels.Sum(level => level.Level.Endpoints) != settings.Endpoints.Length => "other levels",
            _ => null,
        };
    }
}
