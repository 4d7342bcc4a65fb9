using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Sample;

/// <summary>A clock advanced by tests, which notifies them when a wait begins.</summary>
public sealed class SignallingTime : FakeTimeProvider
{
    private readonly TaskCompletionSource<TimeSpan> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The duration of the first wait.</summary>
    public Task<TimeSpan> Waiting => _waiting.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waiting.TrySetResult(dueTime);
        return timer;
    }
}
