using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>A channel over a pair of pipes within the process: the test controls the timing.</summary>
public sealed class PipeChannelTests
{
    private const int Aborted = 103;
    private const int BrokenPipe = 32;
    private const int ResetByPeer = 104;
    private const int MaxAhead = FarEnd.MaxAhead;

    [Fact]
    public async Task A_close_while_it_reads_ends_both_directions_and_tells_nothing()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far);
        await Turns(loop); // A read is pending now.

        await loop.Do(channel.Channel.Close);

        Assert.True((await far.ReadAsync()).IsCompleted);
        await far.WriterEnded;
        Assert.False(await far.Closed);
        Assert.Empty(channel.Told);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_close_while_a_flush_is_pending_tells_the_other_end_that_it_has_not_got_all()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far);
        await loop.Do(() =>
        {
            Assert.False(channel.Channel.Send(new byte[2 * MaxAhead]));
            Assert.False(channel.Channel.Send(new byte[5], new byte[6]));
            Assert.Equal((2 * MaxAhead) + 11, channel.Channel.Backlog);
            channel.Channel.Close();
        });

        Assert.True(await far.Closed);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (await far.ReadAsync() is { IsCompleted: false } read)
            {
                far.Input.AdvanceTo(read.Buffer.End);
            }
        });
        Assert.Empty(channel.Told);
        await loop.AssertNothingLeft();
    }

    /// <summary>
    /// The earlier defect: a flush that completed between its release and its cancellation ended the pipe, the cancellation threw, and ended the loop's thread
    /// and the process.
    /// </summary>
    [Fact]
    public async Task A_flush_that_completes_while_it_is_cancelled_is_ended_once()
    {
        var writer = new CancellingWriter();
        await using (var loop = new RunningLoop())
        {
            var channel = await loop.Do(() =>
            {
                var recorder = new Recorder { Channel = loop.Loop.Adopt(new PipeConnection(new Ends(new Pipe().Reader, writer), _ => { })) };
                recorder.Channel.Handler = recorder;
                return recorder;
            });
            await loop.Do(() =>
            {
                Assert.False(channel.Channel.Send(new byte[10]));
                channel.Channel.Close();
            });
            Assert.IsType<IOException>(await writer.Completed);
            Assert.Empty(channel.Told);
            await loop.AssertNothingLeft();
        }
    }

    [Fact]
    public async Task A_loop_that_stops_while_a_read_and_a_flush_are_pending_ends_both_directions()
    {
        var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far);
        await Turns(loop);
        await loop.Do(() => Assert.False(channel.Channel.Send(new byte[2 * MaxAhead])));

        await loop.DisposeAsync();

        await far.WriterEnded;
        Assert.True(await far.Closed);
        Assert.Empty(channel.Told);
    }

    [Fact]
    public async Task Bytes_received_while_paused_are_delivered_in_order_after_the_resumption()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far);
        await Turns(loop); // A read is pending, and completes while it is paused.
        await loop.Do(channel.Channel.Pause);
        await far.WriteAsync("one ");
        await Turns(loop);
        await far.WriteAsync("two");
        await far.Output.CompleteAsync();
        await Turns(loop);
        Assert.Empty(channel.Told);

        await loop.Do(() =>
        {
            channel.Channel.Resume();
            channel.Channel.Pause();
            channel.Channel.Resume();
        });

        await channel.Ended;
        Assert.Equal("one two", Encoding.ASCII.GetString(channel.Bytes));
        Assert.Equal(["received", "end"], channel.Told);
        await loop.Do(channel.Channel.Close);
    }

    [Fact]
    public async Task A_pause_from_within_a_call_holds_back_what_was_read_with_it()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var calls = 0;
        var channel = await Adopt(loop, far, recorder => recorder.WhenReceived = _ =>
        {
            calls++;
            recorder.Channel.Pause();
        });
        await far.WriteAsync(new string('x', 10_000)); // Several segments of the pipe.
        await channel.HasReceived(1);
        await Turns(loop);
        Assert.Equal(1, await loop.Do(() => calls));

        channel.WhenReceived = null;
        await loop.Do(channel.Channel.Resume);

        await channel.HasReceived(10_000);
        await loop.Do(channel.Channel.Close);
    }

    [Fact]
    public async Task While_it_tells_of_what_it_received_it_says_whether_that_is_all()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        List<(int Bytes, bool HasUnread)> stretches = [];
        var channel = await Adopt(loop, far, recorder => recorder.WhenReceived = bytes => stretches.Add((bytes.Length, recorder.Channel.HasUnread)));
        await far.WriteAsync(new string('x', 10_000)); // Several segments of the pipe.
        await channel.HasReceived(10_000);
        await loop.Do(channel.Channel.Pause);
        far.Output.Write("last"u8);
        await far.Output.CompleteAsync();
        await Turns(loop);
        Assert.True(await loop.Do(() => channel.Channel.HasUnread));
        await loop.Do(channel.Channel.Resume);
        await channel.Ended;

        Assert.All(stretches[..^2], stretch => Assert.True(stretch.HasUnread));
        Assert.False(stretches[^2].HasUnread);
        Assert.Equal((4, true), stretches[^1]); // The end is still to be reported.
        Assert.False(await loop.Do(() => channel.Channel.HasUnread));
        await loop.Do(channel.Channel.Close);
    }

    [Fact]
    public async Task Bytes_kept_behind_a_flush_are_sent_in_order_and_the_handler_is_called_once()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far);
        var sent = new byte[50 * MaxAhead];
        new Random(1).NextBytes(sent);
        await loop.Do(() =>
        {
            for (var at = 0; at < sent.Length; at += MaxAhead)
            {
                var part = sent.AsSpan(at, MaxAhead);
                channel.Channel.Send(part[..100], part[100..]);
            }

            channel.Channel.EndSending();
            Assert.True(loop.Loop.Blocks.InUse > 0);
        });

        Assert.Equal(sent, await far.ReadToEndAsync());
        await channel.Drained;
        await Turns(loop);
        Assert.Equal(["drained"], channel.Told);
        Assert.Equal(0, await loop.Do(() => channel.Channel.Backlog));
        await loop.Do(() => Assert.True(channel.Channel.Send("after the end"u8)));
        await loop.Do(channel.Channel.Close);
        Assert.False(await far.Closed);
    }

    [Fact]
    public async Task With_both_directions_ended_it_is_closed_without_an_error()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far, recorder => recorder.WhenEnded = recorder.Channel.EndSending);

        await far.Output.CompleteAsync();

        Assert.Equal(0, await channel.Closed);
        Assert.Equal(["end", "closed 0"], channel.Told);
        Assert.False(await far.Closed);
    }

    [Fact]
    public async Task An_other_end_that_breaks_off_is_reported_as_a_reset()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far);
        await Turns(loop);

        await far.Output.CompleteAsync(new IOException("broken off"));

        Assert.Equal(ResetByPeer, await channel.Closed);
        Assert.Equal(["closed 104"], channel.Told);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task An_other_end_that_reads_no_more_is_reported_at_its_end_after_its_bytes()
    {
        await using var loop = new RunningLoop();
        var far = new FarEnd();
        var channel = await Adopt(loop, far, recorder => recorder.Channel.Pause());
        await far.WriteAsync("an early answer");
        await far.Input.CompleteAsync();
        await loop.Do(() => channel.Channel.Send("nobody reads it"u8));
        await far.Output.CompleteAsync();

        await loop.Do(channel.Channel.Resume);

        Assert.Equal(BrokenPipe, await channel.Closed);
        Assert.Equal(["received", "closed 32"], channel.Told);
        Assert.Equal("an early answer", Encoding.ASCII.GetString(channel.Bytes));
    }

    [Fact]
    public async Task An_attempt_to_connect_that_fails_is_reported_once_with_its_cause()
    {
        await using var loop = new RunningLoop();
        var failed = await Connect(loop, _ => throw new InvalidOperationException("no such peer"), recorder => recorder.Channel.Send("kept until then"u8));

        Assert.Equal(Aborted, await failed.Closed);
        Assert.Equal([$"closed {Aborted}"], failed.Told);
        Assert.Equal("no such peer", failed.Channel.Cause?.Message);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task An_attempt_to_connect_is_cancelled_when_the_channel_is_closed()
    {
        await using var loop = new RunningLoop();
        var cancelled = new TaskCompletionSource();
        var channel = await Connect(loop, async cancellation =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }
            finally
            {
                cancelled.SetResult();
            }

            throw new InvalidOperationException("never reached");
        });

        await loop.Do(channel.Channel.Close);

        await cancelled.Task.WaitAsync(RunningLoop.Limit);
        await Turns(loop);
        Assert.Empty(channel.Told);
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_comes_about_too_late_is_closed(bool loopHasStopped)
    {
        var loop = new RunningLoop();
        var far = new FarEnd();
        var made = new TaskCompletionSource<PipeConnection>();
        var channel = await Connect(loop, _ => made.Task);
        await loop.Do(channel.Channel.Close);
        if (loopHasStopped)
        {
            await loop.DisposeAsync();
        }

        made.SetResult(far.NearEnd);

        Assert.True(await far.Closed);
        await far.WriterEnded;
        Assert.Empty(channel.Told);
        if (!loopHasStopped)
        {
            await loop.DisposeAsync();
        }
    }

    private static Task<Recorder> Adopt(RunningLoop loop, FarEnd far, Action<Recorder>? prepare = null) => loop.Do(() =>
    {
        var recorder = new Recorder { Channel = loop.Loop.Adopt(far.NearEnd) };
        recorder.Channel.Handler = recorder;
        prepare?.Invoke(recorder);
        return recorder;
    });

    private static Task<Recorder> Connect(
        RunningLoop loop, Func<CancellationToken, Task<PipeConnection>> connect, Action<Recorder>? prepare = null) => loop.Do(() =>
    {
        var recorder = new Recorder();
        recorder.Channel = loop.Loop.Connect(connect, recorder);
        prepare?.Invoke(recorder);
        return recorder;
    });

    /// <summary>Everything in progress is reported after these.</summary>
    private static async Task Turns(RunningLoop loop)
    {
        for (var turn = 0; turn < 20; turn++)
        {
            await loop.Do(() => { });
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
