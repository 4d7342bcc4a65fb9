using System.Net;
using Gateway.Node.Recording;

namespace Gateway.Tests.Recording;

/// <summary>The reader sleeps and is woken: no record stays unread, in any order of events.</summary>
public sealed class AccessQueueTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_record_that_comes_while_the_reader_goes_to_sleep_wakes_it_or_is_found()
    {
        const int Records = 50_000;
        var queue = new AccessQueue(new([], 1, long.MaxValue, 64));
        var lane = queue.AddLane();
        using var woken = new SemaphoreSlim(0);
        using var read = new SemaphoreSlim(0);
        queue.Attach(() => woken.Release());
        var putting = Task.Run(async () =>
        {
            for (var i = 0; i < Records; i++)
            {
                lane.End(RecordOf(lane), 0.5);
                Assert.True(await read.WaitAsync(WaitTimeout), $"record {i} was left lying");
            }
        });
        var reading = Task.Run(async () =>
        {
            for (var taken = 0; taken < Records;)
            {
                if (lane.TryTake(out var record))
                {
                    lane.GiveBack(record);
                    taken++;
                    read.Release();
                }
                else if (queue.TrySleep())
                {
                    Assert.True(await woken.WaitAsync(WaitTimeout), $"nobody woke the reader after {taken} records");
                }
            }
        });
        await Task.WhenAll(putting, reading);
    }

    [Fact]
    public void The_reader_does_not_sleep_while_there_is_something_or_all_is_over()
    {
        var queue = new AccessQueue(new([], 1, long.MaxValue, 64));
        var lane = queue.AddLane();
        Assert.True(queue.TrySleep());
        lane.End(RecordOf(lane), 0.5);
        Assert.False(queue.TrySleep());
        Assert.True(lane.TryTake(out _));
        Assert.True(queue.TrySleep());
        queue.Complete();
        Assert.False(queue.TrySleep());
    }

    [Fact]
    public async Task A_lane_that_is_half_full_hurries_a_reader_that_is_awake_once()
    {
        var queue = new AccessQueue(new([], 1, long.MaxValue, 64));
        var lane = queue.AddLane();
        var calls = 0;
        using var called = new SemaphoreSlim(0);
        queue.Attach(() =>
        {
            Interlocked.Increment(ref calls);
            called.Release();
        });
        for (var i = 0; i < 64; i++)
        {
            lane.End(RecordOf(lane), 0.5);
        }

        Assert.True(await called.WaitAsync(WaitTimeout));
        lane.End(RecordOf(lane), 0.5);
        Assert.Equal((1, 64, 1L), (calls, lane.Waiting, lane.Dropped));
    }

    private static AccessRecord RecordOf(AccessLane lane)
    {
        var record = lane.Rent();
        record.Begin(1, IPAddress.Loopback, "http", null);
        record.Over(200, 0, 0, 2);
        return record;
    }
}
