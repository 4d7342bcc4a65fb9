using Akka.Actor;

namespace Gateway.Actors.Timing;

/// <summary>
/// A time window in which an actor batches repeated work. Uses a timer of the clock: Akka's own scheduler ticks every 50 ms, so that a
/// window of 5 ms would last ten times as long.
/// </summary>
/// <param name="over">The message to the actor when the window is over; it then calls <see cref="Close"/>.</param>
internal sealed class CoalescingWindow(TimeProvider clock, IActorRef self, object over) : IDisposable
{
    private readonly ITimer _timer = clock.CreateTimer(_ => self.Tell(over, ActorRefs.NoSender), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Whether the window is still running.</summary>
    public bool IsOpen { get; private set; }

    public void Open(TimeSpan length)
    {
        IsOpen = true;
        _timer.Change(length, Timeout.InfiniteTimeSpan);
    }

    public void Close() => IsOpen = false;

    public void Dispose() => _timer.Dispose();
}
