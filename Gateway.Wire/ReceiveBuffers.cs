using System.Runtime.CompilerServices;

namespace Gateway.Wire;

/// <summary>
/// The receive buffers of a ring, shared by all connections: an idle connection holds none. The system takes them in the order in
/// which they were given; a buffer belongs to the loop from the completion that names it until <see cref="Give"/>.
/// <para>
/// In checked mode a buffer is filled with a pattern when it is given back, and the pattern after the received bytes is verified when it is taken: this detects
/// a write to a buffer given back, and a read of one yields garbage.
/// </para>
/// </summary>
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    /// <summary>Enough for the data of one turn in most cases. They are used in rotation, so more of them would only be colder in the cache.</summary>
    public const int Enough = 32;

    /// <summary>The offset in a buffer's entry; in the first entry the ring's tail is stored there.</summary>
    private const int TailOffset = 14;

    private const int EntrySize = 16;
    private const byte Poison = 0xDB;

    private readonly bool _isChecked;
    private readonly byte* _entries;
    private readonly byte* _memory;
    private readonly int _count;
    private ushort _tail;

    /// <param name="count">A power of two.</param>
    public ReceiveBuffers(Ring ring, bool isChecked, int count)
    {
        (_isChecked, _count) = (isChecked, count);
        _entries = Map(count * EntrySize);
        _memory = Map(count * EventLoop.ReceiveSize);
        ring.ProvideBuffers(_entries, count);
        for (var i = 0; i < count; i++)
        {
            Give(i, EventLoop.ReceiveSize);
        }
    }

    /// <summary>Returns the data received into a buffer.</summary>
    public ReadOnlySpan<byte> Take(int buffer, int received)
    {
        var whole = new ReadOnlySpan<byte>(_memory + ((nint)buffer * EventLoop.ReceiveSize), EventLoop.ReceiveSize);
        if (_isChecked && whole[received..].ContainsAnyExcept(Poison))
        {
            throw new InvalidOperationException("a buffer was written to while the kernel owned it");
        }

        return whole[..received];
    }

    /// <summary>Gives a buffer to the system; its bytes must not be touched afterwards.</summary>
    /// <param name="used">The number of bytes received into it.</param>
    public void Give(int buffer, int used)
    {
        var at = _memory + ((nint)buffer * EventLoop.ReceiveSize);
        if (_isChecked)
        {
            new Span<byte>(at, used).Fill(Poison);
        }

        var entry = _entries + ((_tail & (_count - 1)) * EntrySize);
        Unsafe.WriteUnaligned(entry, (ulong)at);
        Unsafe.WriteUnaligned(entry + 8, (uint)EventLoop.ReceiveSize);
        Unsafe.WriteUnaligned(entry + 12, (ushort)buffer);
        _tail++;
        Volatile.Write(ref *(ushort*)(_entries + TailOffset), _tail); // The system must see the entry before the new tail.
    }

    /// <summary>Call it only after the ring is disposed of, when no operation can pick a buffer any more.</summary>
    public void Dispose()
    {
        _ = Libc.Unmap((nint)_entries, (nuint)(_count * EntrySize));
        _ = Libc.Unmap((nint)_memory, (nuint)(_count * EventLoop.ReceiveSize));
    }

    private static byte* Map(int length)
    {
        var at = Libc.Map(0, (nuint)length, Libc.ReadWrite, Libc.Private, -1, 0);
        return at != -1 ? (byte*)at : throw new WireException("mmap", Libc.Error);
    }
}
