using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Core.Addressing;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// Announces visible changes of endpoints to outside observers, including changes without a new decision or log line, such as
/// another replica's opinion. It only names the endpoint; its current state is read separately.
/// </summary>
public sealed class EndpointFeed(TimeProvider clock)
{
    /// <summary>Maximum changes queued for one follower. Further ones are lost, so followers also read everything from time to time.</summary>
    public const int Backlog = 1024;

    /// <summary>Changes within this time are announced together: a dying backend causes several in a row.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private ImmutableHashSet<Channel<EndpointId>> _followers = [];

    /// <summary>The number of followers.</summary>
    public int Followers => Volatile.Read(ref _followers).Count;

    /// <summary>Announces a change. Called by actors; never blocks.</summary>
    public void Changed(EndpointId endpoint)
    {
        foreach (var follower in Volatile.Read(ref _followers))
        {
            follower.Writer.TryWrite(endpoint);
        }
    }

    /// <summary>Returns changes from now on, until cancelled.</summary>
    public async IAsyncEnumerable<ImmutableHashSet<EndpointId>> FollowAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var channel = Channel.CreateBounded<EndpointId>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        ImmutableInterlocked.Update(ref _followers, followers => followers.Add(channel));
        try
        {
            while (await channel.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                await Task.Delay(Gathering, clock, cancellation).ConfigureAwait(false);
                var changed = ImmutableHashSet.CreateBuilder<EndpointId>();
                while (channel.Reader.TryRead(out var endpoint))
                {
                    changed.Add(endpoint);
                }

                yield return changed.ToImmutable();
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _followers, followers => followers.Remove(channel));
        }
    }
}
