namespace Gateway.Upstream.Http1;

/// <summary>
/// A stack of slot numbers that many threads push and pop without locks or allocations (Treiber's stack over an array). The head carries a
/// counter beside the slot, so that a slot which was popped and pushed again meanwhile is not taken for unchanged.
/// </summary>
internal sealed class SlotStack
{
    private const uint Empty = uint.MaxValue;

    private readonly uint[] _below;
    private ulong _head = Empty;

    /// <param name="slots">Slots are 0 to this, exclusive.</param>
    /// <param name="full">Whether all of them are on the stack to begin with.</param>
    public SlotStack(int slots, bool full)
    {
        _below = new uint[slots];
        for (var slot = slots - 1; full && slot >= 0; slot--)
        {
            Push(slot);
        }
    }

    public bool IsEmpty => (uint)Volatile.Read(ref _head) == Empty;

    public void Push(int slot)
    {
        while (true)
        {
            var head = Volatile.Read(ref _head);
            Volatile.Write(ref _below[slot], (uint)head);
            if (Interlocked.CompareExchange(ref _head, Next(head, (uint)slot), head) == head)
            {
                return;
            }
        }
    }

    /// <summary>The slot pushed last; false when there is none.</summary>
    public bool TryPop(out int slot)
    {
        while (true)
        {
            var head = Volatile.Read(ref _head);
            if ((uint)head == Empty)
            {
                slot = -1;
                return false;
            }

            slot = (int)(uint)head;
            if (Interlocked.CompareExchange(ref _head, Next(head, Volatile.Read(ref _below[slot])), head) == head)
            {
                return true;
            }
        }
    }

    private static ulong Next(ulong head, uint slot) => (((head >> 32) + 1) << 32) | slot;
}
