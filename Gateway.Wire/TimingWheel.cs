using System.Numerics;

namespace Gateway.Wire;

/// <summary>
/// The deadlines of one loop: 4,096 slots of 16 ms, 65 s in all; later deadlines are checked once per round. An entry is in at most one slot.
/// A postponed deadline leaves its entry in place: when its slot comes up it is moved to where it belongs now, so that
/// the usual case, a deadline postponed with each request, costs nothing.
/// </summary>
internal sealed class TimingWheel
{
    public const int TickMilliseconds = 16;

    private const int Slots = 4096;

    private readonly Timed?[] _slots = new Timed?[Slots];
    private readonly ulong[] _occupied = new ulong[Slots / 64];
    private long _tick;

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an entry to the slot where its deadline is checked.</summary>
    public void Schedule(Timed entry, long deadline)
    {
        Remove(entry);
        var tick = Math.Clamp((deadline + TickMilliseconds - 1) / TickMilliseconds, _tick + 1, _tick + Slots - 1);
        var slot = (int)(tick % Slots);
        entry.WheelTime = tick * TickMilliseconds;
        entry.WheelSlot = slot;
        entry.WheelNext = _slots[slot];
        if (_slots[slot] is { } other)
        {
            other.WheelPrevious = entry;
        }

        _slots[slot] = entry;
        _occupied[slot / 64] |= 1UL << (slot % 64);
        Count++;
    }

    public void Remove(Timed entry)
    {
        var slot = entry.WheelSlot;
        if (slot < 0)
        {
            return;
        }

        if (entry.WheelPrevious is { } previous)
        {
            previous.WheelNext = entry.WheelNext;
        }
        else
        {
            _slots[slot] = entry.WheelNext;
            if (entry.WheelNext is null)
            {
                _occupied[slot / 64] &= ~(1UL << (slot % 64));
            }
        }

        entry.WheelNext?.WheelPrevious = entry.WheelPrevious;
        (entry.WheelNext, entry.WheelPrevious, entry.WheelSlot, entry.WheelTime) = (null, null, -1, 0);
        Count--;
    }

    /// <summary>Returns the milliseconds until the next slot to check; -1 if there is none.</summary>
    public int UntilNext(long now)
    {
        if (Count == 0)
        {
            return -1;
        }

        var first = (int)((_tick + 1) % Slots);
        for (var word = 0; word <= _occupied.Length; word++)
        {
            var at = (first / 64 + word) % _occupied.Length;
            var bits = _occupied[at];
            if (word == 0)
            {
                bits &= ulong.MaxValue << (first % 64);
            }
            else if (word == _occupied.Length)
            {
                bits &= ~(ulong.MaxValue << (first % 64));
            }

            if (bits != 0)
            {
                var slot = at * 64 + BitOperations.TrailingZeroCount(bits);
                var tick = _tick + 1 + ((slot - first + Slots) % Slots);
                return (int)Math.Max(0, tick * TickMilliseconds - now);
            }
        }

        return -1;
    }

    /// <summary>Calls every entry whose deadline has passed.</summary>
    public void Advance(long now)
    {
        var target = now / TickMilliseconds;
        if (Count == 0)
        {
            _tick = Math.Max(_tick, target);
            return;
        }

        // After a long idle time one round reaches every entry, and entries moved from its slots land after the target, not before it.
        _tick = Math.Max(_tick, target - Slots);
        while (_tick < target)
        {
            _tick++;
            Expire((int)(_tick % Slots), now);
        }
    }

    private void Expire(int slot, long now)
    {
        while (_slots[slot] is { } entry)
        {
            Remove(entry);
            var deadline = entry.Deadline;
            if (deadline == 0)
            {
                continue;
            }

            if (deadline > now)
            {
                Schedule(entry, deadline); // Never this slot: it is at least one tick ahead, and less than a round.
                continue;
            }

            entry.Deadline = 0;
            entry.Loop.RunDue(entry);
        }
    }
}
