using Gateway.Core.Cells;

namespace Gateway.Node.Engine;

/// <summary>
/// A trial whose head has come and whose body does not end: once that has lasted for a second it has succeeded, since a stream may last for hours
/// and its breaker cannot wait for it. Made for trials alone.
/// </summary>
internal sealed class TrialProof
{
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(1);

    private readonly ITimer _timer;
    private Lease _lease;
    private int _settled;

    /// <param name="lease">The trial's, which stays its holder's.</param>
    public TrialProof(in Lease lease, TimeProvider clock)
    {
        _lease = lease;
        _timer = clock.CreateTimer(static proof => ((TrialProof)proof!).OnLasting(), this, Lasting, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The attempt ends. True: how is its own to report; false: it was reported as a success.</summary>
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
