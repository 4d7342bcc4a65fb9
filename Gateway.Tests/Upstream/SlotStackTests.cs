using System.Collections.Concurrent;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream;

public sealed class SlotStackTests
{
    [Fact]
    public void The_slot_pushed_last_is_popped_first()
    {
        var stack = new SlotStack(3, full: false);
        Assert.False(stack.TryPop(out _));
        stack.Push(1);
        stack.Push(2);
        Assert.True(stack.TryPop(out var first) && stack.TryPop(out var second) && (first, second) == (2, 1));
        Assert.False(stack.TryPop(out _));
    }

    [Fact]
    public void A_full_one_holds_every_slot_once()
    {
        var stack = new SlotStack(5, full: true);
        var popped = new List<int>();
        while (stack.TryPop(out var slot))
        {
            popped.Add(slot);
        }

        Assert.Equal([0, 1, 2, 3, 4], popped);
    }

    [Fact]
    public void No_slot_is_lost_or_held_twice_however_many_threads_push_and_pop()
    {
        const int Slots = 8;
        var stack = new SlotStack(Slots, full: true);
        var held = new int[Slots];
        var twice = new ConcurrentBag<int>();
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                if (stack.TryPop(out var slot))
                {
                    if (Interlocked.Increment(ref held[slot]) != 1)
                    {
                        twice.Add(slot);
                    }

                    Interlocked.Decrement(ref held[slot]);
                    stack.Push(slot);
                }
            }
        });
        Assert.Empty(twice);
        Assert.Equal(Slots, Enumerable.Range(0, Slots + 1).Count(_ => stack.TryPop(out var _)));
    }
}
