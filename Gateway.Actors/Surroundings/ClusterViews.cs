using Gateway.Actors.Cluster.Options;
using Gateway.Core.Membership;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// The newest view of the cluster, for code outside actors and for starting actors. Written by <c>ClusterActor</c> only.
/// </summary>
public sealed class ClusterViews(ClusterOptions options)
{
    private ClusterView _current = ClusterView.Alone(options.Alone);
    private TaskCompletionSource _changed = NextChange();

    public ClusterView Current
    {
        get => Volatile.Read(ref _current);
        internal set
        {
            Volatile.Write(ref _current, value);
            Interlocked.Exchange(ref _changed, NextChange()).SetResult();
        }
    }

    /// <summary>Waits for a view that satisfies a condition; short-lived views may be missed.</summary>
    public async Task<ClusterView> WhenAsync(Func<ClusterView, bool> holds, CancellationToken cancellation = default)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var view = Current;
            if (holds(view))
            {
                return view;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NextChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
