using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Evidence;

/// <summary>
/// What this replica tells the others: what it sees of each endpoint, numbered when it is sent. Changes of one endpoint that are not sent yet
/// become one, and no number is skipped: a receiver that misses one knows it. The numbers go on for as long as the process lives.
/// </summary>
public sealed record OwnStream
{
    public static OwnStream Empty { get; } = new();

    /// <summary>The last sequence given.</summary>
    public long Last { get; private init; }

    public bool HasUnsent => !Unsent.IsEmpty;

    private ImmutableDictionary<EndpointId, Entry> Entries { get; init; } = ImmutableDictionary<EndpointId, Entry>.Empty;

    private ImmutableQueue<EndpointId> Unsent { get; init; } = [];

    /// <summary>This is what the replica sees from now on. Seeing the same again changes nothing.</summary>
    /// <param name="verified">How many probes it has finished because of a report; one more is told even when it confirms all the rest.</param>
    /// <param name="confirms">Whether its breaker opened only because others had spoken against the endpoint: then that is no news.</param>
    public OwnStream See(EndpointId endpoint, Sight sight, long verified, string why, TimeSpan now, bool confirms = false)
    {
        var entry = Entries.GetValueOrDefault(endpoint, new());
        if (entry.Sight == sight && entry.Verified == verified && !entry.Gone)
        {
            return this;
        }

        var bad = sight.IsBadNewsAfter(entry.Sight);
        var next = entry with
        {
            Verified = verified,
            Gone = false,
            News = entry.News || (bad && !confirms),
            Report = bad && confirms && entry.Sight.Opinion != Opinion.Bad ? 0 : entry.Report,
        };
        if (entry.Sight != sight)
        {
            next = next with { Sight = sight, Since = now, Why = why.Length <= Observation.MaxWhy ? why : why[..Observation.MaxWhy] };
        }

        return Put(endpoint, next);
    }

    /// <summary>The replica has this endpoint no longer: it says so once.</summary>
    public OwnStream Forget(EndpointId endpoint) =>
        Entries.TryGetValue(endpoint, out var entry) ? Put(endpoint, entry with { Sight = default, News = false, Gone = true }) : this;

    /// <summary>What this replica says of an endpoint; null: nothing.</summary>
    public Told? About(EndpointId endpoint) =>
        Entries.TryGetValue(endpoint, out var entry) && !entry.Gone ? new(entry.Of(endpoint, entry.Since), entry.Since) : null;

    /// <summary>Numbers what is not sent yet and gives it out.</summary>
    public (OwnStream Next, Edges Edges) Send(TimeSpan now)
    {
        var (entries, sequence) = (Entries.ToBuilder(), Last);
        var observations = ImmutableArray.CreateBuilder<Observation>();
        foreach (var endpoint in Unsent)
        {
            sequence++;
            var entry = entries[endpoint];
            entry = entry with { Sequence = sequence, Report = entry.News ? sequence : entry.Report, News = false, Unsent = false };
            observations.Add(entry.Of(endpoint, now));
            if (entry.Gone)
            {
                entries.Remove(endpoint);
            }
            else
            {
                entries[endpoint] = entry;
            }
        }

        return (this with { Entries = entries.ToImmutable(), Unsent = [], Last = sequence }, new(Last, observations.DrainToImmutable()));
    }

    /// <summary>
    /// All that the stream has come to, in parts that each fit a frame: at least one, which may be empty. Endpoints that there is nothing to say of
    /// are left out. To be taken right after <see cref="Send"/>: what is not sent has no number.
    /// </summary>
    public ImmutableArray<SnapshotChunk> Snapshot(TimeSpan now)
    {
        var parts = new List<ImmutableArray<Observation>.Builder> { ImmutableArray.CreateBuilder<Observation>() };
        var room = SnapshotChunk.MaxBytes;
        foreach (var (endpoint, entry) in Entries.Where(e => e.Value.Sight != default && !e.Value.Unsent))
        {
            var observation = entry.Of(endpoint, now);
            var bytes = observation.MostBytes;
            if (bytes > room)
            {
                parts.Add(ImmutableArray.CreateBuilder<Observation>());
                room = SnapshotChunk.MaxBytes;
            }

            parts[^1].Add(observation);
            room -= bytes;
        }

        return [.. parts.Select((part, index) => new SnapshotChunk(Last, index, parts.Count, part.ToImmutable()))];
    }

    private OwnStream Put(EndpointId endpoint, Entry entry) => this with
    {
        Entries = Entries.SetItem(endpoint, entry with { Unsent = true }),
        Unsent = entry.Unsent ? Unsent : Unsent.Enqueue(endpoint),
    };

    /// <param name="News">Whether there is bad news that has no number yet.</param>
    /// <param name="Gone">Whether the replica has the endpoint no longer; forgotten once that is sent.</param>
    private sealed record Entry(
        Sight Sight = default,
        long Sequence = 0,
        long Report = 0,
        long Verified = 0,
        TimeSpan Since = default,
        string Why = "",
        bool News = false,
        bool Unsent = false,
        bool Gone = false)
    {
        public Observation Of(EndpointId endpoint, TimeSpan now) => new(endpoint, Sequence, Sight, Report, Verified, now - Since, Why);
    }
}
