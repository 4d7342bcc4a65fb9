using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Evidence;

/// <summary>
/// What one other replica has told, and how much of its stream has come:
/// <code>
/// Unknown --a whole snapshot--> Known up to Last --edges that join on--> Known
///    ^                              |
///    '------ a hole was seen -------'    what comes meanwhile is taken in all the same: of two entries the higher sequence counts
/// </code>
/// So neither the order nor the number of deliveries matters, and a hole is only ever closed by a snapshot.
/// </summary>
public sealed record PeerStream
{
    /// <summary>How long an answer to the first request for a snapshot may take before it is asked for again; each time twice as long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest that is waited between two requests. A sender whose snapshots are lost, or of a version that cannot be read here, is not asked
    /// for all of them once a second for ever.
    /// </summary>
    public static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(32);

    public static PeerStream Unknown { get; } = new();

    /// <summary>Whether nothing that the sender has said so far, as far as it is known, is missing.</summary>
    public bool Known { get; private init; }

    /// <summary>Whether a whole snapshot has ever come.</summary>
    public bool Begun { get; private init; }

    /// <summary>Up to here all is taken in, once <see cref="Begun"/>: what comes late from before it changes nothing.</summary>
    public long Last { get; private init; }

    /// <summary>When the sender was last heard; null: never.</summary>
    public TimeSpan? Heard { get; private init; }

    public ImmutableDictionary<EndpointId, Told> Entries { get; private init; } = ImmutableDictionary<EndpointId, Told>.Empty;

    private TimeSpan? Asked { get; init; }

    /// <summary>How long the last request is given.</summary>
    private TimeSpan Given { get; init; }

    private Parts? Parts { get; init; }

    /// <summary>A stretch of the stream.</summary>
    public PeerStream Take(Edges edges, TimeSpan now)
    {
        var joins = Begun && edges.After <= Last;
        return this with
        {
            Heard = now,
            Known = Known && joins,
            Last = joins ? Math.Max(Last, edges.Last) : Last,
            Entries = Merge(Entries, edges.Observations.Where(o => !Begun || o.Sequence > Last).Select(o => new Told(o, now - o.Age))),
        };
    }

    /// <summary>The sender lives, and has got this far.</summary>
    public PeerStream Take(long beat, TimeSpan now) => this with { Heard = now, Known = Known && beat <= Last };

    /// <summary>Nobody was listened to for a while: the sender is no staler for it.</summary>
    public PeerStream OnPause(TimeSpan pause, TimeSpan now) =>
        Heard is { } heard ? this with { Heard = heard + pause < now ? heard + pause : now } : this;

    /// <summary>A part of a snapshot. Nothing of it counts until all parts are there.</summary>
    public PeerStream Take(SnapshotChunk chunk, TimeSpan now)
    {
        var heard = this with { Heard = now };
        if ((Begun && chunk.Last < Last) || chunk.Last < Parts?.Last)
        {
            return heard;
        }

        var parts = (Parts is { } begun && begun.Fits(chunk) ? begun : new Parts(chunk.Last, chunk.Count)).Add(chunk, now);
        if (!parts.Whole)
        {
            return heard with { Parts = parts };
        }

        // What came since the snapshot was taken stays; what it does not name, and is not newer, its sender no longer says.
        var newer = Entries.Where(e => e.Value.Observation.Sequence > chunk.Last);
        var entries = Merge(ImmutableDictionary.CreateRange(newer), parts.Told);
        return heard with { Parts = null, Asked = null, Given = default, Known = true, Begun = true, Last = chunk.Last, Entries = entries };
    }

    /// <summary>Whether to ask the sender for a snapshot now; the answer takes it as done.</summary>
    public (PeerStream Next, bool Ask) Ask(TimeSpan now) => Known || now - Asked < Given
        ? (this, false)
        : (this with { Asked = now, Given = Given == default ? Patience : Given * 2 < LongestPatience ? Given * 2 : LongestPatience }, true);

    /// <summary>The sender can be reached again: what was asked of it in vain meanwhile does not count.</summary>
    public PeerStream Reached() => this with { Asked = null, Given = default };

    private static ImmutableDictionary<EndpointId, Told> Merge(ImmutableDictionary<EndpointId, Told> entries, IEnumerable<Told> told)
    {
        var merged = entries.ToBuilder();
        foreach (var entry in told)
        {
            if (!merged.TryGetValue(entry.Observation.Endpoint, out var held) || held.Observation.Sequence < entry.Observation.Sequence)
            {
                merged[entry.Observation.Endpoint] = entry;
            }
        }

        return merged.ToImmutable();
    }
}
