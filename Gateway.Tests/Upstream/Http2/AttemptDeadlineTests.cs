using Gateway.Actors.Running;
using Gateway.Upstream.Http2;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Upstream.Http2;

/// <summary>When an attempt over HTTP/2 is given up, by a clock that stands still while the process does.</summary>
public sealed class AttemptDeadlineTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _beneath = new();
    private readonly RunningClock _clock;
    private readonly AttemptDeadline _deadline;
    private bool _passed;

    public AttemptDeadlineTests()
    {
        _clock = new(_beneath);
        _deadline = new(Now + Limit, _clock, () => _passed = true);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    [Fact]
    public void It_does_not_pass_while_the_process_does_not_run()
    {
        _beneath.Advance(2 * Limit);
        Assert.False(_passed);

        Run(Limit - (2 * RunningClock.Allowance));
        Assert.False(_passed);

        Run(3 * RunningClock.Allowance);
        Assert.True(_passed);
    }

    [Fact]
    public void One_that_was_moved_during_the_pause_counts_from_there()
    {
        Run(Limit / 2);
        _beneath.Advance(2 * Limit);
        _deadline.MoveTo(Now + Limit);

        Run(Limit - RunningClock.Allowance);
        Assert.False(_passed);

        Run(2 * RunningClock.Allowance);
        Assert.True(_passed);
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _clock.Dispose();
    }

    private void Run(TimeSpan time)
    {
        for (var ran = TimeSpan.Zero; ran < time; ran += RunningClock.Period)
        {
            _beneath.Advance(RunningClock.Period);
        }
    }
}
