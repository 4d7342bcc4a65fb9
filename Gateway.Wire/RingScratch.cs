using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>Memory that operations point to until they are submitted: addresses, and the segments of a send.</summary>
internal sealed unsafe class RingScratch : IDisposable
{
    private const int Size = 64 * 1024;
    private const int Alignment = 16;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Size, Alignment);
    private int _used;

    /// <summary>Returns null if there is not enough left.</summary>
    public byte* TryTake(int length)
    {
        if (_used + length > Size)
        {
            return null;
        }

        var at = _memory + _used;
        _used += (length + Alignment - 1) & -Alignment;
        return at;
    }

    /// <summary>Frees all memory, once all operations that point to it are submitted.</summary>
    public void Clear() => _used = 0;

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
