using System.Runtime.InteropServices;
using Gateway.Node.Signals;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Signals;

public sealed class ProcessSignalsTests
{
    [Fact]
    public async Task The_first_asks_for_an_end_the_second_for_one_at_once_and_what_does_not_end_then_is_ended()
    {
        var clock = new FakeTimeProvider();
        var exits = new List<int>();
        using var signals = new ProcessSignals(clock, exits.Add);

        signals.Take(PosixSignal.SIGTERM);
        await Eventually.IsAsync(() => signals.Stop.IsCancellationRequested);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(signals.Now.IsCancellationRequested);

        signals.Take(PosixSignal.SIGINT);
        await Eventually.IsAsync(() => signals.Now.IsCancellationRequested);
        Assert.Empty(exits);
        clock.Advance(ProcessSignals.ExitTimeout);
        Assert.Equal([ProcessSignals.Forced], exits);
    }

    [Fact]
    public void Hangups_that_come_together_are_one_and_end_nothing()
    {
        using var signals = new ProcessSignals(new FakeTimeProvider(), _ => { });
        signals.Take(PosixSignal.SIGHUP);
        signals.Take(PosixSignal.SIGHUP);
        Assert.True(signals.Hangups.TryRead(out _));
        Assert.False(signals.Hangups.TryRead(out _));
        Assert.False(signals.Stop.IsCancellationRequested);
    }
}
