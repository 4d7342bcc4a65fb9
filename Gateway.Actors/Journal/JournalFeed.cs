using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Gateway.Actors.Journal;

/// <summary>
/// The last entries, and their followers. Each follower has a bounded queue that drops its oldest entries if it is slow, so that
/// no reader can delay a writer.
/// </summary>
/// <param name="capacity">The number of entries kept for later followers.</param>
public sealed class JournalFeed(int capacity)
{
    /// <summary>Maximum entries queued for one follower.</summary>
    public const int Backlog = 256;

    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _kept = new();
    private ImmutableHashSet<Channel<JournalEntry>> _followers = [];
    private long _last;

    /// <summary>The number of followers.</summary>
    public int Followers => Volatile.Read(ref _followers).Count;

    /// <summary>Returns the newest entries, oldest first.</summary>
    public ImmutableArray<JournalEntry> Last(int count)
    {
        lock (_gate)
        {
            return [.. _kept.Skip(Math.Max(0, _kept.Count - count))];
        }
    }

    /// <summary>Returns the sequence number before the newest entries, as many as requested and kept.</summary>
    public long Before(long count)
    {
        lock (_gate)
        {
            return _last - Math.Min(count, _kept.Count);
        }
    }

    /// <summary>Whether an entry with this sequence number has existed.</summary>
    public bool HasHad(long sequence)
    {
        lock (_gate)
        {
            return sequence <= _last;
        }
    }

    /// <param name="entry">The entry; its sequence number is assigned here.</param>
    public void Add(JournalEntry entry)
    {
        lock (_gate)
        {
            entry = entry with { Sequence = ++_last };
            if (_kept.Count == capacity)
            {
                _kept.Dequeue();
            }

            _kept.Enqueue(entry);
            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(entry);
            }
        }
    }

    /// <summary>Returns entries kept after a sequence number, then new ones, until cancelled.</summary>
    /// <param name="after">The last known entry; 0 for none; <see cref="long.MaxValue"/> for new entries only.</param>
    public async IAsyncEnumerable<JournalEntry> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var channel = Channel.CreateBounded<JournalEntry>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        ImmutableArray<JournalEntry> kept;
        lock (_gate)
        {
            kept = [.. _kept.Where(e => e.Sequence > after)];
            _followers = _followers.Add(channel);
        }

        try
        {
            foreach (var entry in kept)
            {
                yield return entry;
            }

            await foreach (var entry in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return entry;
            }
        }
        finally
        {
            lock (_gate)
            {
                _followers = _followers.Remove(channel);
            }
        }
    }
}
