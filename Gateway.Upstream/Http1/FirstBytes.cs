using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Gateway.Upstream.Http1;

/// <summary>
/// Waits for the first bytes behind a head, but only for a moment. One for each connection, whose answers follow one another; waiting
/// allocates nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The timer runs for a moment at a time and is left to the collector with its connection.")]
internal sealed class FirstBytes(Http1Connection connection, TransportClock clock) : IValueTaskSource<bool>
{
    /// <summary>Many servers write head and body one after the other, well within this.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(3);

    private ManualResetValueTaskSourceCore<bool> _come;
    private ITimer? _timer;
    private int _waiting;

    /// <summary>
    /// True when something has come, or the end of the stream; false when the moment is over. Either way a receive has begun that
    /// <see cref="Http1Connection.FillAsync"/> joins.
    /// </summary>
    /// <param name="limit">As for that.</param>
    public ValueTask<bool> ComeAsync(int limit)
    {
        _come.Reset();
        Volatile.Write(ref _waiting, 1);
        if (connection.BeginFill(limit, this))
        {
            Volatile.Write(ref _waiting, 0);
            return new(true);
        }

        _timer ??= clock.NewTimer(static first => ((FirstBytes)first!).End(false), this);
        _timer.Change(Moment, Timeout.InfiniteTimeSpan);
        return new(this, _come.Version);
    }

    /// <summary>The receive has ended. Told before its result can be taken, so that it never meets the wait of a later answer.</summary>
    public void OnReceived()
    {
        if (End(true))
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _come.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _come.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _come.OnCompleted(continuation, state, token, flags);

    /// <summary>Once for each wait. A timer that is late ends the next wait too early, which costs a write and nothing else.</summary>
    private bool End(bool come)
    {
        var ours = Interlocked.Exchange(ref _waiting, 0) == 1;
        if (ours)
        {
            _come.SetResult(come);
        }

        return ours;
    }
}
