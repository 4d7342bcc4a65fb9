using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Gateway.Node.Hosting;

/// <summary>
/// The memory that clients' connections are read into and written from: blocks larger than Kestrel's own of 4 KiB, since a block is what one
/// receive brings of a request's body. A connection has none while nothing is under way on it. Blocks that nobody needed for a while are given up.
/// </summary>
internal sealed class IngressMemory : MemoryPool<byte>
{
    /// <summary>In bytes.</summary>
    public const int BlockSize = 32 * 1024;

    /// <summary>What every byte of a returned block is in a debug build.</summary>
    public const byte Poison = 0xDB;

    public static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<Block> _free = new();
    private readonly ITimer _trim;
    private int _count;
    private int _least;
    private volatile bool _disposed;

    public IngressMemory(TimeProvider clock) =>
        _trim = clock.CreateTimer(static pool => ((IngressMemory)pool!).Trim(), this, TrimInterval, TrimInterval);

    public override int MaxBufferSize => BlockSize;

    /// <summary>How many blocks wait to be rented.</summary>
    public int Free => _free.Count;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (!_free.TryDequeue(out var block))
        {
            return new Block(this);
        }

        var left = Interlocked.Decrement(ref _count);
        if (left < _least)
        {
            _least = left;
        }

        return block;
    }

    /// <summary>Blocks that are still rented may be returned afterwards.</summary>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _trim.Dispose();
        _free.Clear();
    }

    private void Return(Block block)
    {
        if (!_disposed)
        {
            _free.Enqueue(block);
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>Gives up as many as were free all the time since the last look.</summary>
    private void Trim()
    {
        for (var spare = _least; spare > 0 && _free.TryDequeue(out _); spare--)
        {
            Interlocked.Decrement(ref _count);
        }

        _least = Volatile.Read(ref _count);
    }

    private sealed class Block(IngressMemory pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose()
        {
#if DEBUG
            Memory.Span.Fill(Poison); // Whoever still reads from it shows.
#endif
            pool.Return(this);
        }
    }
}
