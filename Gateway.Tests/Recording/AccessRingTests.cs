using System.Net;
using CsCheck;
using Gateway.Node.Recording;

namespace Gateway.Tests.Recording;

public sealed class AccessRingTests
{
    [Fact]
    public void It_is_a_queue_that_takes_no_more_than_it_has_room_for() =>
        Gen.Bool.Array[0, 200].Sample(puts =>
        {
            var ring = new AccessRing(8, long.MaxValue);
            var model = new Queue<AccessRecord>();
            foreach (var isPut in puts)
            {
                if (isPut)
                {
                    var record = new AccessRecord(0);
                    Assert.Equal(model.Count < 8, ring.TryPut(record));
                    if (model.Count < 8)
                    {
                        model.Enqueue(record);
                    }
                }
                else
                {
                    Assert.Equal(model.TryDequeue(out var expected), ring.TryTake(out var taken));
                    Assert.Same(expected, taken);
                }

                Assert.Equal(model.Count, ring.Count);
            }
        });

    [Fact]
    public void Its_memory_for_texts_is_bounded_too()
    {
        var ring = new AccessRing(64, 10_000);
        var held = 0;
        while (ring.TryPut(RecordOf(3000)))
        {
            held++;
        }

        Assert.Equal(10_000 / RecordOf(3000).TextCapacity, held);
        Assert.True(ring.TryTake(out _));
        Assert.True(ring.TryPut(RecordOf(3000)));
    }

    [Fact]
    public async Task Two_threads_lose_nothing_and_change_no_order()
    {
        const int Count = 200_000;
        var ring = new AccessRing(64, long.MaxValue);
        var records = Enumerable.Range(0, 65).Select(_ => new AccessRecord(0)).ToArray(); // One more than the ring can hold: none is reused while it is in it.
        var putting = Task.Run(() =>
        {
            for (var i = 0; i < Count;)
            {
                var record = records[i % records.Length];
                if (ring.Count < ring.Capacity)
                {
                    record.Over(i, 0, 0, 0);
                    Assert.True(ring.TryPut(record));
                    i++;
                }
            }
        });
        for (var i = 0; i < Count;)
        {
            if (ring.TryTake(out var record))
            {
                Assert.Same(records[i % records.Length], record);
                i++;
            }
        }

        await putting;
    }

    [Fact]
    public void Once_there_are_enough_records_a_request_allocates_nothing()
    {
        var queue = new AccessQueue(new([], 1, long.MaxValue, 64));
        var lane = queue.AddLane();
        RunThrough(lane, 1000);
        Allocations.AssertNone(() => RunThrough(lane, 1000));
    }

    private static void RunThrough(AccessLane lane, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var record = lane.Rent();
            record.Begin(1, IPAddress.Loopback, "http", null);
            record.Target = record.Keep("/some/target"u8);
            record.BeginAttempt("127.0.0.1:1", 2);
            record.Over(200, 0, 0, 3);
            lane.End(record, 0.5);
            if (i % 10 == 9)
            {
                while (lane.TryTake(out var over))
                {
                    lane.GiveBack(over);
                }
            }
        }
    }

    private static AccessRecord RecordOf(int bytes)
    {
        var record = new AccessRecord(0);
        record.Begin(1, IPAddress.Loopback, "http", null);
        record.Keep(new byte[bytes], bytes);
        return record;
    }
}
