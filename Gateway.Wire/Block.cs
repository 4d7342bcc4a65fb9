using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>A block of native memory in one of the sizes of a <see cref="BlockPool"/>, with its used range. It has one owner at a time.</summary>
public sealed unsafe class Block
{
    internal const int Guard = 64;

    private readonly byte* _memory;

    internal Block(int capacity, int sizeClass)
    {
        (Capacity, SizeClass) = (capacity, sizeClass);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity + (2 * Guard)), Guard) + Guard;
    }

    /// <summary>The size in bytes.</summary>
    public int Capacity { get; }

    /// <summary>The start of the used range.</summary>
    public int Start { get; set; }

    /// <summary>The end of the used range.</summary>
    public int End { get; set; }

    /// <summary>The next block in a chain.</summary>
    public Block? Next { get; set; }

    /// <summary>The number of bytes in use.</summary>
    public int Length => End - Start;

    /// <summary>The number of bytes after the used range.</summary>
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
