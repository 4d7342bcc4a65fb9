using Gateway.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Wire;

public sealed class PostTests
{
    [Fact]
    public async Task Posts_run_on_the_loop_in_the_order_of_each_poster()
    {
        const int Posters = 4;
        const int Each = 20_000;
        await using var loop = new RunningLoop();
        var (next, outOfOrder) = (new int[Posters], 0);

        await Task.WhenAll(Enumerable.Range(0, Posters).Select(poster => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var turn = i;
                loop.Loop.Post(() => outOfOrder += loop.Loop.IsCurrent && next[poster]++ == turn ? 0 : 1);
            }
        })));

        Assert.Equal(0, await loop.Do(() => outOfOrder));
        Assert.All(next, done => Assert.Equal(Each, done));
        Assert.False(loop.Loop.IsCurrent);
    }

    [Fact]
    public async Task A_post_after_each_answer_wakes_the_loop_each_time()
    {
        await using var loop = new RunningLoop();
        for (var i = 0; i < 5_000; i++)
        {
            Assert.Equal(i, await loop.Do(() => i));
        }
    }

    [Fact]
    public async Task Posts_of_the_loop_itself_run_in_their_order()
    {
        await using var loop = new RunningLoop();
        var order = await loop.Do(() => new List<int>());
        await loop.Do(() =>
        {
            loop.Loop.Post(() =>
            {
                order.Add(2);
                loop.Loop.Post(() => order.Add(4));
            });
            loop.Loop.Post(() => order.Add(3));
            order.Add(1);
        });
        await loop.Do(() => { });
        await loop.Do(() => { });
        Assert.Equal([1, 2, 3, 4], order);
    }

    [Fact]
    public async Task A_post_that_throws_is_reported_and_the_loop_goes_on()
    {
        await using var loop = new RunningLoop();
        loop.Loop.Post(() => throw new InvalidOperationException("one"));
        loop.Loop.Post(() => throw new InvalidOperationException("two"));
        Assert.Equal(7, await loop.Do(() => 7));
        Assert.Equal(["one", "two"], loop.Faults.Select(f => f.Message));
        loop.Faults.Clear();
    }

    [Fact]
    public async Task A_turn_of_more_than_5_ms_is_counted_and_told()
    {
        var time = new FakeTimeProvider();
        using var loop = new EventLoop("slow", time);
        var slow = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.OnSlowTurn = taken => slow.TrySetResult(taken);
        loop.Start();
        loop.Post(() => time.Advance(TimeSpan.FromMilliseconds(6)));

        Assert.Equal(TimeSpan.FromMilliseconds(6), await slow.Task.WaitAsync(RunningLoop.Limit));
        loop.Stop();
        Assert.Equal(1, loop.SlowTurns);
    }

    [Fact]
    public async Task While_the_process_is_stopped_the_time_of_deadlines_stands_still()
    {
        var time = new FakeTimeProvider();
        using var loop = new EventLoop("stopped", time);
        loop.Start();
        var told = 0;
        await Do(loop, () =>
        {
            loop.After(60_000, () => { });
            loop.After(65_000, () => told++);
        });

        time.Advance(TimeSpan.FromSeconds(90));
        await Do(loop, () => { });
        await Do(loop, () => { });

        loop.Stop();
        Assert.Equal((1, 0), (loop.Pauses, told));
        Assert.InRange(loop.Now, 1, 61_000);
    }

    private static Task Do(EventLoop loop, Action act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() =>
        {
            act();
            done.SetResult();
        });
        return done.Task.WaitAsync(RunningLoop.Limit);
    }
}
