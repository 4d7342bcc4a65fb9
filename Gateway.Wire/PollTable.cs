namespace Gateway.Wire;

/// <summary>
/// Maps tokens of a poller's events to targets. A token is a slot and the slot's generation, which is incremented when the slot is freed: an event
/// reported for its previous target finds none.
/// </summary>
internal sealed class PollTable
{
    private readonly Stack<int> _free = new();
    private Entry[] _entries = new Entry[256];
    private int _used;

    public int Count => _used - _free.Count;

    public ulong Add(IPollTarget target)
    {
        if (!_free.TryPop(out var slot))
        {
            if (_used == _entries.Length)
            {
                Array.Resize(ref _entries, 2 * _used);
            }

            slot = _used++;
        }

        _entries[slot].Target = target;
        return (uint)slot | ((ulong)_entries[slot].Generation << 32);
    }

    /// <summary>Returns null if the token's slot has been freed since.</summary>
    public IPollTarget? Find(ulong token)
    {
        ref var entry = ref _entries[(int)(uint)token];
        return entry.Generation == (uint)(token >> 32) ? entry.Target : null;
    }

    public void Remove(ulong token)
    {
        ref var entry = ref _entries[(int)(uint)token];
        if (entry.Generation != (uint)(token >> 32) || entry.Target is null)
        {
            throw new InvalidOperationException("a slot was released twice");
        }

        entry.Target = null;
        entry.Generation++;
        _free.Push((int)(uint)token);
    }

    /// <summary>All registered targets, for the end of a loop.</summary>
    public IEnumerable<IPollTarget> All => _entries.Where(e => e.Target is not null).Select(e => e.Target!).ToList();

    private struct Entry
    {
        public IPollTarget? Target;
        public uint Generation;
    }
}
