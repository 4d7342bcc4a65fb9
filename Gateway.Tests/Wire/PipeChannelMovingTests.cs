using System.Text;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>A channel over pipes that moves to another loop.</summary>
public sealed class PipeChannelMovingTests
{
    [Fact]
    public async Task A_move_out_of_a_call_waits_for_the_end_of_the_call()
    {
        await using var from = new RunningLoop(isPortable: true);
        await using var to = new RunningLoop(isPortable: true);
        var far = new FarEnd();
        var hasArrived = false;
        var arrived = new TaskCompletionSource<Recorder>(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrivedWithin = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await from.Do(() => Adopt(from.Loop.Adopt(far.NearEnd), recorder => recorder.WhenReceived = _ =>
        {
            recorder.Channel.MoveTo(to.Loop, channel =>
            {
                hasArrived = true;
                arrived.SetResult(Adopt(channel!, _ => { }));
            });
            arrivedWithin.SetResult(to.Do(() => hasArrived).GetAwaiter().GetResult()); // Everything posted to that loop before has run.
        }));

        await far.WriteAsync("one");

        Assert.False(await arrivedWithin.Task.WaitAsync(RunningLoop.Limit)); // The current call owns its bytes: read there now, they would be read twice.
        var moved = await arrived.Task.WaitAsync(RunningLoop.Limit);
        await far.WriteAsync("two");
        await moved.HasReceived(3);
        Assert.Equal("two", Encoding.ASCII.GetString(moved.Bytes));
        await to.Do(moved.Channel.Close);
    }

    [Fact]
    public async Task A_move_while_it_reads_brings_it_over_as_it_is()
    {
        await using var from = new RunningLoop(isPortable: true);
        await using var to = new RunningLoop(isPortable: true);
        var far = new FarEnd();
        var channel = await from.Do(() => Adopt(from.Loop.Adopt(far.NearEnd), _ => { }));
        await far.WriteAsync("one");
        await channel.HasReceived(3);
        await from.Do(() => { }); // The next read is pending.
        var arrived = new TaskCompletionSource<Recorder>(TaskCreationOptions.RunContinuationsAsynchronously);

        await from.Do(() => channel.Channel.MoveTo(to.Loop, there => arrived.SetResult(Adopt(there!, _ => { }))));

        var moved = await arrived.Task.WaitAsync(RunningLoop.Limit);
        await far.WriteAsync("two");
        await moved.HasReceived(3);
        Assert.Equal(("one", "two"), (Encoding.ASCII.GetString(channel.Bytes), Encoding.ASCII.GetString(moved.Bytes)));
        Assert.Equal(["received"], channel.Told);
        await from.AssertNothingLeft();
        await to.Do(moved.Channel.Close);
    }

    [Fact]
    public async Task One_whose_handler_throws_on_the_way_arrives_as_none_once_and_its_handler_gets_nothing()
    {
        await using var from = new RunningLoop(isPortable: true);
        await using var to = new RunningLoop(isPortable: true);
        var far = new FarEnd();
        var arrivals = new List<Channel?>();
        var channel = await from.Do(() => Adopt(from.Loop.Adopt(far.NearEnd), recorder => recorder.WhenReceived = _ =>
        {
            recorder.Channel.MoveTo(to.Loop, arrivals.Add);
            throw new InvalidOperationException("after the move");
        }));

        await far.WriteAsync("one");
        await far.Closed;

        await from.Do(() => { });
        Assert.Equal([null], await to.Do(() => arrivals.ToArray()));
        Assert.Equal(["received"], channel.Told);
        Assert.True(from.Faults.TryDequeue(out _));
    }

    private static Recorder Adopt(Channel channel, Action<Recorder> prepare)
    {
        var recorder = new Recorder { Channel = channel };
        channel.Handler = recorder;
        prepare(recorder);
        return recorder;
    }
}
