using System.Collections.Immutable;
using Gateway.Actors.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Journal;

public sealed class JournalFeedTests
{
    private readonly JournalFeed _feed = new(capacity: 5);

    [Fact]
    public void Only_the_newest_are_kept()
    {
        Add(8);
        Assert.Equal([4, 5, 6, 7, 8], _feed.Last(100).Select(e => e.Sequence));
        Assert.Equal([7, 8], _feed.Last(2).Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_follower_gets_what_is_kept_and_then_all_that_comes()
    {
        Add(3);
        await using var following = _feed.FollowAsync(after: 1).GetAsyncEnumerator();
        Assert.Equal(2, await NextAsync(following));
        Assert.Equal(3, await NextAsync(following));
        var next = NextAsync(following);
        Assert.False(next.IsCompleted);
        Add(1);
        Assert.Equal(4, await next);
    }

    [Fact]
    public async Task A_slow_follower_loses_the_oldest_and_holds_up_nobody()
    {
        await using var following = _feed.FollowAsync(after: long.MaxValue).GetAsyncEnumerator();
        var first = NextAsync(following);
        Add(1);
        Assert.Equal(1, await first);
        Add(JournalFeed.Backlog + 10);
        Assert.Equal(12, await NextAsync(following));
        Assert.Equal(13, await NextAsync(following));
    }

    [Fact]
    public async Task A_follower_that_leaves_is_forgotten()
    {
        using var leaving = new CancellationTokenSource();
        await using (var following = _feed.FollowAsync(0, leaving.Token).GetAsyncEnumerator())
        {
            var next = NextAsync(following);
            Assert.Equal(1, _feed.Followers);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        }

        Assert.Equal(0, _feed.Followers);
    }

    private static async Task<long> NextAsync(IAsyncEnumerator<JournalEntry> following)
    {
        Assert.True(await following.MoveNextAsync());
        return following.Current.Sequence;
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _feed.Add(new(0, DateTimeOffset.UnixEpoch, LogLevel.Information, "c", "t", "text", null, ImmutableDictionary<string, string>.Empty));
        }
    }
}
