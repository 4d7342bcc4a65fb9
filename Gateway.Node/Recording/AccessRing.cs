using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Gateway.Node.Recording;

/// <summary>A bounded queue with one thread on each side: neither ever waits for the other. The total size of its texts is bounded too.</summary>
/// <param name="capacity">The number of records, rounded up to a power of two.</param>
/// <param name="maxTextBytes">The most bytes of texts.</param>
internal sealed class AccessRing(int capacity, long maxTextBytes)
{
    private readonly AccessRecord?[] _slots = new AccessRecord?[BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private Sides _sides;

    /// <summary>The number of records; exact on either side, approximate elsewhere.</summary>
    public int Count => (int)(Volatile.Read(ref _sides.Put) - Volatile.Read(ref _sides.Taken));

    public int Capacity => _slots.Length;

    /// <summary>Called by the writer. False if it is full.</summary>
    public bool TryPut(AccessRecord record)
    {
        var put = _sides.Put;
        if (put - Volatile.Read(ref _sides.Taken) >= _slots.Length || _sides.TextPut + record.TextCapacity - Volatile.Read(ref _sides.TextTaken) > maxTextBytes)
        {
            return false;
        }

        _slots[put & (_slots.Length - 1)] = record;
        _sides.TextPut += record.TextCapacity;
        Volatile.Write(ref _sides.Put, put + 1);
        return true;
    }

    /// <summary>Called by the reader. False if it is empty.</summary>
    public bool TryTake([NotNullWhen(true)] out AccessRecord? record)
    {
        var taken = _sides.Taken;
        if (taken == Volatile.Read(ref _sides.Put))
        {
            record = null;
            return false;
        }

        ref var slot = ref _slots[taken & (_slots.Length - 1)];
        (record, slot) = (slot!, null);
        Volatile.Write(ref _sides.TextTaken, _sides.TextTaken + record.TextCapacity);
        Volatile.Write(ref _sides.Taken, taken + 1);
        return true;
    }

    /// <summary>The counts of the two sides, on separate cache lines.</summary>
    [StructLayout(LayoutKind.Explicit)]
    private struct Sides
    {
        [FieldOffset(0)]
        public long Put;

        [FieldOffset(8)]
        public long TextPut;

        [FieldOffset(128)]
        public long Taken;

        [FieldOffset(136)]
        public long TextTaken;
    }
}
