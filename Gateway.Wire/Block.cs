using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>A piece of native memory of one of the sizes of a <see cref="BlockPool"/>, and how much of it is in use. Belongs to one owner at a time.</summary>
public sealed unsafe class Block
{
    internal const int Guard = 64;

    private readonly byte* _memory;

    internal Block(int capacity, int sizeClass)
    {
        (Capacity, SizeClass) = (capacity, sizeClass);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity + (2 * Guard)), Guard) + Guard;
    }

    /// <summary>In bytes.</summary>
    public int Capacity { get; }

    /// <summary>Where what is in use begins.</summary>
    public int Start { get; set; }

    /// <summary>Where what is in use ends.</summary>
    public int End { get; set; }

    /// <summary>The next one in a chain.</summary>
    public Block? Next { get; set; }

    /// <summary>Bytes in use.</summary>
    public int Length => End - Start;

    /// <summary>Bytes behind what is in use.</summary>
    public int Room => Capacity - End;

    public Span<byte> Used => new(_memory + Start, End - Start);

    public Span<byte> Free => new(_memory + End, Capacity - End);

    internal int SizeClass { get; }

    internal byte* Memory => _memory;

    internal Span<byte> Whole => new(_memory, Capacity);

    internal Span<byte> GuardBefore => new(_memory - Guard, Guard);

    internal Span<byte> GuardBehind => new(_memory + Capacity, Guard);

    internal void Destroy() => NativeMemory.AlignedFree(_memory - Guard);
}
