using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Gateway.Actors.Journal;

/// <summary>
/// The last entries, and who follows them. Each follower has a bounded queue of its own whose oldest entries go when it is slow, so that
/// nobody who reads can hold up anybody who writes.
/// </summary>
/// <param name="capacity">Entries kept for those who come later.</param>
public sealed class JournalFeed(int capacity)
{
    /// <summary>Entries that wait for one follower at most.</summary>
    public const int Backlog = 256;

    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _kept = new();
    private ImmutableHashSet<Channel<JournalEntry>> _followers = [];
    private long _last;

    /// <summary>Who follows now.</summary>
    public int Followers => Volatile.Read(ref _followers).Count;

    /// <summary>The newest entries, the oldest of them first.</summary>
    public ImmutableArray<JournalEntry> Last(int count)
    {
        lock (_gate)
        {
            return [.. _kept.Skip(Math.Max(0, _kept.Count - count))];
        }
    }

    /// <summary>The sequence after which the newest entries come, as many as asked for and kept.</summary>
    public long Before(long count)
    {
        lock (_gate)
        {
            return _last - Math.Min(count, _kept.Count);
        }
    }

    /// <summary>Whether an entry with this sequence has been.</summary>
    public bool HasHad(long sequence)
    {
        lock (_gate)
        {
            return sequence <= _last;
        }
    }

    /// <param name="entry">Its sequence is set here.</param>
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

    /// <summary>What is kept after a sequence, then all that comes, until cancelled.</summary>
    /// <param name="after">Entries up to this one are known; 0: none is; <see cref="long.MaxValue"/>: only what is still to come.</param>
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
