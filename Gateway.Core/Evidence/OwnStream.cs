using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Evidence;

/// <summary>
/// This replica's evidence for the others: its view of each endpoint, numbered when sent. Unsent changes of one endpoint are merged,
/// and no number is skipped, so a receiver notices a missing one. Numbers increase for the life of the process.
/// </summary>
public sealed record OwnStream
{
    public static OwnStream Empty { get; } = new();

    /// <summary>The last sequence number assigned.</summary>
    public long Last { get; private init; }

    public bool HasUnsent => !Unsent.IsEmpty;

    private ImmutableDictionary<EndpointId, Entry> Entries { get; init; } = ImmutableDictionary<EndpointId, Entry>.Empty;

    private ImmutableQueue<EndpointId> Unsent { get; init; } = [];

    /// <summary>Sets this replica's view of an endpoint. An unchanged view changes nothing.</summary>
    /// <param name="verified">The number of verifying probes completed; an increase is sent even if the view is unchanged.</param>
    /// <param name="confirms">Whether its breaker opened only because of others' reports: then it is not news.</param>
    public OwnStream See(EndpointId endpoint, Observation observation, long verified, string why, TimeSpan now, bool confirms = false)
    {
        var entry = Entries.GetValueOrDefault(endpoint, new());
        if (entry.Observation == observation && entry.Verified == verified && !entry.Gone)
        {
            return this;
        }

        var bad = observation.IsBadNewsAfter(entry.Observation);
        var next = entry with
        {
            Verified = verified,
            Gone = false,
            News = entry.News || (bad && !confirms),
            Report = bad && confirms && entry.Observation.Opinion != Opinion.Bad ? 0 : entry.Report,
        };
        if (entry.Observation != observation)
        {
            next = next with { Observation = observation, Since = now, Why = why.Length <= EvidenceEntry.MaxWhy ? why : why[..EvidenceEntry.MaxWhy] };
        }

        return Put(endpoint, next);
    }

    /// <summary>Records that the replica no longer has this endpoint; sent once.</summary>
    public OwnStream Forget(EndpointId endpoint) =>
        Entries.TryGetValue(endpoint, out var entry) ? Put(endpoint, entry with { Observation = default, News = false, Gone = true }) : this;

    /// <summary>Returns this replica's evidence on an endpoint; null if there is none.</summary>
    public ReceivedEntry? About(EndpointId endpoint) =>
        Entries.TryGetValue(endpoint, out var entry) && !entry.Gone ? new(entry.Of(endpoint, entry.Since), entry.Since) : null;

    /// <summary>Numbers and returns the unsent changes.</summary>
    public (OwnStream Next, Edges Edges) Send(TimeSpan now)
    {
        var (entries, sequence) = (Entries.ToBuilder(), Last);
        var observations = ImmutableArray.CreateBuilder<EvidenceEntry>();
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
    /// Returns the whole stream in parts that each fit into a frame: at least one, possibly empty. Endpoints without evidence
    /// are left out. Call it right after <see cref="Send"/>, since unsent changes have no number.
    /// </summary>
    public ImmutableArray<SnapshotChunk> Snapshot(TimeSpan now)
    {
        var parts = new List<ImmutableArray<EvidenceEntry>.Builder> { ImmutableArray.CreateBuilder<EvidenceEntry>() };
        var room = SnapshotChunk.MaxBytes;
        foreach (var (endpoint, entry) in Entries.Where(e => e.Value.Observation != default && !e.Value.Unsent))
        {
            var observation = entry.Of(endpoint, now);
            var bytes = observation.MaxEncodedBytes;
            if (bytes > room)
            {
                parts.Add(ImmutableArray.CreateBuilder<EvidenceEntry>());
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

    /// <param name="News">Whether there is bad news without a number yet.</param>
    /// <param name="Gone">Whether the replica no longer has the endpoint; removed once that is sent.</param>
    private sealed record Entry(
        Observation Observation = default,
        long Sequence = 0,
        long Report = 0,
        long Verified = 0,
        TimeSpan Since = default,
        string Why = "",
        bool News = false,
        bool Unsent = false,
        bool Gone = false)
    {
        public EvidenceEntry Of(EndpointId endpoint, TimeSpan now) => new(endpoint, Sequence, Observation, Report, Verified, now - Since, Why);
    }
}
