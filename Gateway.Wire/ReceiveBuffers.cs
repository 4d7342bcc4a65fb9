using System.Runtime.CompilerServices;

namespace Gateway.Wire;

/// <summary>
/// The buffers of a ring that the system receives into, whichever connection bytes come for: an idle connection holds none. The system takes them in the order in
/// which they were given; a buffer is the loop's from the completion that names it until <see cref="Give"/>.
/// <para>
/// In checked mode a buffer is filled with a pattern when it is given back, and the pattern behind what was received is looked at when it is taken: whoever
/// reads a buffer that was given back reads nonsense, and whoever writes to one is found out.
/// </para>
/// </summary>
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    /// <summary>For what the system brings in one turn, mostly. They are used in turn, so that more of them would only be colder.</summary>
    public const int Enough = 32;

    /// <summary>In the middle of a buffer's entry; of the first one's it is where the ring's tail lies.</summary>
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

    /// <summary>What was received into a buffer.</summary>
    public ReadOnlySpan<byte> Take(int buffer, int received)
    {
        var whole = new ReadOnlySpan<byte>(_memory + ((nint)buffer * EventLoop.ReceiveSize), EventLoop.ReceiveSize);
        if (_isChecked && whole[received..].ContainsAnyExcept(Poison))
        {
            throw new InvalidOperationException("a buffer was written to while it was the system's");
        }

        return whole[..received];
    }

    /// <summary>Gives a buffer to the system, whose bytes nobody may touch from here on.</summary>
    /// <param name="used">How much of it was received into.</param>
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
        Volatile.Write(ref *(ushort*)(_entries + TailOffset), _tail); // The system sees the entry before it sees that there is one.
    }

    /// <summary>Only once the ring is disposed of, and no operation of it may pick a buffer any more.</summary>
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
