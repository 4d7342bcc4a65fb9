using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Core.Addressing;

namespace Gateway.Actors.Surroundings;

/// <summary>
/// Says which endpoints look otherwise than before, to people who look from outside: also where nothing is decided anew and so nothing is
/// logged, as when another replica's opinion changes. It says only that something has changed; what it is now is read at that moment.
/// </summary>
public sealed class EndpointFeed(TimeProvider clock)
{
    /// <summary>Changes that wait for one follower at most. Beyond that they are lost: whoever follows also looks at everything now and then.</summary>
    public const int Backlog = 1024;

    /// <summary>What changes within this time is said at once: a backend that dies changes several things in a row.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    private ImmutableHashSet<Channel<EndpointId>> _followers = [];

    /// <summary>Who follows now.</summary>
    public int Followers => Volatile.Read(ref _followers).Count;

    /// <summary>Called by actors; never waits.</summary>
    public void Changed(EndpointId endpoint)
    {
        foreach (var follower in Volatile.Read(ref _followers))
        {
            follower.Writer.TryWrite(endpoint);
        }
    }

    /// <summary>What changes from now on, until cancelled.</summary>
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
