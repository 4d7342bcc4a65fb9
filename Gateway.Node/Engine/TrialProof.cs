using Gateway.Core.Cells;

namespace Gateway.Node.Engine;

/// <summary>
/// A trial whose head has arrived and whose body continues: after a second it counts as a success, since a stream may last for hours and its breaker cannot
/// wait for it. Used for trials only.
/// </summary>
internal sealed class TrialProof
{
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(1);

    private readonly ITimer _timer;
    private Lease _lease;
    private int _settled;

    /// <param name="lease">The trial's lease, which stays with its holder.</param>
    public TrialProof(in Lease lease, TimeProvider clock)
    {
        _lease = lease;
        _timer = clock.CreateTimer(static proof => ((TrialProof)proof!).OnLasting(), this, Lasting, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called when the attempt ends. True: the attempt reports its own outcome; false: a success was reported already.</summary>
    public bool Settle()
    {
        _timer.Dispose();
        return Interlocked.Exchange(ref _settled, 1) == 0;
    }

    private void OnLasting()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            _lease.Prove();
        }
    }
}
