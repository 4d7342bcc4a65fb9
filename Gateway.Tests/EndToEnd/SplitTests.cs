using Gateway.Node.Routing;

namespace Gateway.Tests.EndToEnd;

/// <summary>Requests divided between pools.</summary>
public sealed class SplitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_cookie_goes_to_the_same_pool_at_every_replica_and_the_shares_are_as_the_weights(bool http2)
    {
        SplitSettings split = new() { Pools = [new("default", 3), new("other", 1)], By = SplitKey.Cookie, Name = "session" };
        await using var one = await StartAsync(split, http2);
        await using var another = await StartAsync(split, http2);
        var other = 0;
        for (var i = 0; i < 100; i++)
        {
            var pool = await PoolOfAsync(one, "Cookie", $"a=session; session=user-{i}");
            Assert.Equal(pool, await PoolOfAsync(one, "Cookie", $"session=user-{i}; b=c"));
            Assert.Equal(pool, await PoolOfAsync(another, "Cookie", $"session=user-{i}"));
            other += pool == "other" ? 1 : 0;
        }

        Assert.InRange(other, 10, 40); // 25 are expected for these fixed keys.
    }

    [Theory]
    [InlineData(SplitKey.Client, null, "X-Unrelated")]
    [InlineData(SplitKey.Header, "X-User", "x-user")]
    public async Task So_does_the_same_client_or_field(SplitKey by, string? name, string field)
    {
        await using var pair = await StartAsync(new() { Pools = [new("default", 1), new("other", 1)], By = by, Name = name });
        var first = await PoolOfAsync(pair, field, "me");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(first, await PoolOfAsync(pair, field, "me"));
        }
    }

    [Fact]
    public async Task Different_fields_are_divided()
    {
        await using var pair = await StartAsync(new() { Pools = [new("default", 1), new("other", 1)], By = SplitKey.Header, Name = "X-User" });
        var pools = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            pools.Add(await PoolOfAsync(pair, "X-User", $"user-{i}"));
        }

        Assert.Equal(2, pools.Count);
    }

    /// <summary>The probability that 100 requests all go to one of two pools is 2^-99.</summary>
    [Theory]
    [InlineData(SplitKey.Random, null)]
    [InlineData(SplitKey.Cookie, "session")]
    public async Task Requests_without_a_key_go_by_chance(SplitKey by, string? name)
    {
        await using var pair = await StartAsync(new() { Pools = [new("default", 1), new("other", 1)], By = by, Name = name });
        var pools = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            pools.Add(await PoolOfAsync(pair, "Cookie", "sessionx=1; xsession=1; session"));
        }

        Assert.Equal(2, pools.Count);
    }

    [Fact]
    public async Task A_reload_moves_the_weights()
    {
        await using var pair = await StartAsync(new() { Pools = [new("default", 1), new("other", 0)] });
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("default", await PoolOfAsync(pair, "X", "1"));
        }

        await pair.Gateway.ReconfigureAsync(settings => settings with { Routes = [RouteOf(new() { Pools = [new("default", 0), new("other", 1)] })] });
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("other", await PoolOfAsync(pair, "X", "1"));
        }
    }

    private static RouteSettings RouteOf(SplitSettings split) => new() { Name = "split", Pool = null, Split = split };

    private static Task<TwoPools> StartAsync(SplitSettings split, bool http2 = false) => TwoPools.StartAsync([RouteOf(split)], http2);

    private static async Task<string> PoolOfAsync(TwoPools pair, string field, string value)
    {
        using var answer = await pair.AskAsync(HttpMethod.Get, "/", request => request.Headers.Add(field, value));
        return await answer.Content.ReadAsStringAsync();
    }
}
