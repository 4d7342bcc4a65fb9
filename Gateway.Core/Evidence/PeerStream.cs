using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Evidence;

/// <summary>
/// The evidence received from one other replica, and the state of its stream:
/// <code>
/// Unknown --a whole snapshot--> Known up to Last --edges that join on--> Known
///    ^                              |
///    '------ a hole was seen -------'    what arrives meanwhile is applied as well: of two entries the higher sequence counts
/// </code>
/// So neither the order nor the number of deliveries matters, and only a snapshot closes a gap.
/// </summary>
public sealed record PeerStream
{
    /// <summary>The time the first snapshot request may go unanswered before it is repeated; doubled each time.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest wait between two requests, so that a sender whose snapshots are lost or unreadable here is not asked
    /// for all of them once a second forever.
    /// </summary>
    public static readonly TimeSpan MaxRetryInterval = TimeSpan.FromSeconds(32);

    public static PeerStream Unknown { get; } = new();

    /// <summary>Whether nothing is known to be missing from the stream.</summary>
    public bool Known { get; private init; }

    /// <summary>Whether a whole snapshot has arrived.</summary>
    public bool Begun { get; private init; }

    /// <summary>The sequence up to which all is applied, once <see cref="Begun"/>; late messages from before it are ignored.</summary>
    public long Last { get; private init; }

    /// <summary>The time the sender was last heard; null if never.</summary>
    public TimeSpan? Heard { get; private init; }

    public ImmutableDictionary<EndpointId, ReceivedEntry> Entries { get; private init; } = ImmutableDictionary<EndpointId, ReceivedEntry>.Empty;

    private TimeSpan? Asked { get; init; }

    /// <summary>The timeout of the last request.</summary>
    private TimeSpan RetryAfter { get; init; }

    private Parts? Parts { get; init; }

    /// <summary>Applies a section of the stream.</summary>
    public PeerStream Take(Edges edges, TimeSpan now)
    {
        var joins = Begun && edges.After <= Last;
        return this with
        {
            Heard = now,
            Known = Known && joins,
            Last = joins ? Math.Max(Last, edges.Last) : Last,
            Entries = Merge(Entries, edges.Entries.Where(o => !Begun || o.Sequence > Last).Select(o => new ReceivedEntry(o, now - o.Age))),
        };
    }

    /// <summary>Handles a beat: the sender is alive, with its stream at this sequence.</summary>
    public PeerStream Take(long beat, TimeSpan now) => this with { Heard = now, Known = Known && beat <= Last };

    /// <summary>Handles a pause of this process: it does not make the sender staler.</summary>
    public PeerStream OnPause(TimeSpan pause, TimeSpan now) =>
        Heard is { } heard ? this with { Heard = heard + pause < now ? heard + pause : now } : this;

    /// <summary>Adds a part of a snapshot. It takes effect once all parts have arrived.</summary>
    public PeerStream Take(SnapshotChunk chunk, TimeSpan now)
    {
        var heard = this with { Heard = now };
        if ((Begun && chunk.Last < Last) || chunk.Last < Parts?.Last)
        {
            return heard;
        }

        var parts = (Parts is { } begun && begun.Fits(chunk) ? begun : new Parts(chunk.Last, chunk.Count)).Add(chunk, now);
        if (!parts.IsComplete)
        {
            return heard with { Parts = parts };
        }

        // Entries newer than the snapshot stay; others that it does not name are dropped.
        var newer = Entries.Where(e => e.Value.Entry.Sequence > chunk.Last);
        var entries = Merge(ImmutableDictionary.CreateRange(newer), parts.Received);
        return heard with { Parts = null, Asked = null, RetryAfter = default, Known = true, Begun = true, Last = chunk.Last, Entries = entries };
    }

    /// <summary>Returns whether to ask the sender for a snapshot now, and records the request.</summary>
    public (PeerStream Next, bool Ask) Ask(TimeSpan now) => Known || now - Asked < RetryAfter
        ? (this, false)
        : (this with { Asked = now, RetryAfter = RetryAfter == default ? RetryInterval : RetryAfter * 2 < MaxRetryInterval ? RetryAfter * 2 : MaxRetryInterval }, true);

    /// <summary>Handles the sender becoming reachable again: unanswered requests no longer count.</summary>
    public PeerStream Reached() => this with { Asked = null, RetryAfter = default };

    private static ImmutableDictionary<EndpointId, ReceivedEntry> Merge(ImmutableDictionary<EndpointId, ReceivedEntry> entries, IEnumerable<ReceivedEntry> told)
    {
        var merged = entries.ToBuilder();
        foreach (var entry in told)
        {
            if (!merged.TryGetValue(entry.Entry.Endpoint, out var held) || held.Entry.Sequence < entry.Entry.Sequence)
            {
                merged[entry.Entry.Endpoint] = entry;
            }
        }

        return merged.ToImmutable();
    }
}
