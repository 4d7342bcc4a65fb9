using System.Net;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Clients kept at an endpoint by a hash of a property of their requests.</summary>
public sealed class HashAffinityTests : IAsyncLifetime
{
    /// <summary>So many that chance leaves none of five endpoints, whose ports differ in every run, without its share.</summary>
    private const int Users = 200;

    private readonly RawBackend[] _backends = [.. Enumerable.Range(0, 5).Select(i => RawBackend.Start(RawScripts.Answer(body: $"{i}")))];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(AffinityKind.Header, "X-User", Strategy.RoundRobin)]
    [InlineData(AffinityKind.Header, "x-user", Strategy.PeakEwma)]
    [InlineData(AffinityKind.Query, "user", Strategy.LeastConnections)]
    [InlineData(AffinityKind.Query, "user", Strategy.Maglev)]
    public async Task The_same_key_goes_to_the_same_endpoint_at_every_replica_whatever_the_strategy(AffinityKind by, string name, Strategy strategy)
    {
        await using var one = await StartAsync(by, name, pool => pool with { Strategy = strategy });
        await using var another = await StartAsync(by, name, pool => pool with { Endpoints = [.. pool.Endpoints.Reverse()] });
        var seen = new HashSet<string>();
        for (var user = 0; user < Users; user++)
        {
            var first = await AskAsync(one, $"u {user}");
            Assert.Equal(first, await AskAsync(one, $"u {user}"));
            Assert.Equal(first, await AskAsync(another, $"u {user}"));
            seen.Add(first);
        }

        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task A_parameter_counts_by_what_it_means_and_not_by_how_it_is_written()
    {
        await using var gateway = await StartAsync(AffinityKind.Query, "user");
        for (var i = 0; i < 10; i++)
        {
            var plain = await BodyAsync(gateway, $"/a?user=us+er{i}&x=1");
            Assert.Equal(plain, await BodyAsync(gateway, $"/b/?y&%75ser=u%73%20er{i}&user=other"));
        }
    }

    [Fact]
    public async Task The_same_client_stays_by_its_forwarded_address()
    {
        await using var gateway = await StartAsync(AffinityKind.Client, null);
        await gateway.ReconfigureAsync(settings => settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        var seen = new HashSet<string>();
        for (var client = 0; client < Users; client++)
        {
            var first = (await gateway.AskAsync(forwardedFor: $"192.0.2.{client}")).Body;
            Assert.Equal(first, (await gateway.AskAsync(forwardedFor: $"192.0.2.{client}")).Body);
            seen.Add(first);
        }

        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task Requests_without_a_key_are_balanced()
    {
        await using var gateway = await StartAsync(AffinityKind.Header, "X-User");
        var bodies = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            bodies.Add(await BodyAsync(gateway, "/"));
        }

        Assert.Equal([2, 2, 2, 2, 2], bodies.GroupBy(b => b).Select(g => g.Count()));
    }

    [Theory]
    [InlineData("leaves")]
    [InlineData("drains")]
    [InlineData("dies")]
    public async Task Only_the_clients_of_an_endpoint_that_is_gone_move_and_none_sees_an_error(string how)
    {
        await using var gateway = await StartAsync(AffinityKind.Header, "X-User", pool => pool with { Breaker = pool.Breaker with { Threshold = 1 } });
        var before = await PlacesAsync(gateway);
        if (how == "dies")
        {
            await _backends[2].StopAsync();
            await AskAsync(gateway, Enumerable.Range(0, Users).First(user => before[user] == "2").ToString(System.Globalization.CultureInfo.InvariantCulture));
            await Eventually.IsAsync(() => gateway.Pool.Snapshot.Available == 4);
        }
        else
        {
            var gone = AddressOf(2);
            await gateway.ReconfigurePoolAsync(pool => pool with
            {
                Endpoints = how == "leaves" ? [.. pool.Endpoints.Where(e => e.Address != gone)] : [.. pool.Endpoints.Select(e => e.Address == gone ? e with { Draining = true } : e)],
            });
        }

        var after = await PlacesAsync(gateway);

        Assert.Contains("2", before);
        Assert.DoesNotContain("2", after);
        Assert.All(before.Zip(after).Where(pair => pair.First != "2"), pair => Assert.Equal(pair.First, pair.Second));
        Assert.True(after.Where((_, user) => before[user] == "2").Distinct().Count() > 1, "all clients of one endpoint went to one other");
    }

    [Fact]
    public async Task A_new_endpoint_takes_its_share_and_moves_no_others()
    {
        await using var gateway = await StartAsync(AffinityKind.Header, "X-User", pool => pool with { Endpoints = [.. pool.Endpoints.Take(4)] });
        var before = await PlacesAsync(gateway);
        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [.. pool.Endpoints, new(AddressOf(4))] });

        var after = await PlacesAsync(gateway);

        Assert.All(before.Zip(after), pair => Assert.True(pair.First == pair.Second || pair.Second == "4"));
        Assert.InRange(after.Count(place => place == "4"), 10, 80); // 40 are expected.
    }

    [Fact]
    public async Task A_priority_that_is_not_needed_gets_nothing()
    {
        await using var gateway = await StartAsync(AffinityKind.Header, "X-User", pool => pool with { Endpoints = [.. pool.Endpoints.Select((e, i) => e with { Priority = i < 2 ? 0 : 1 })] });
        Assert.Equal(["0", "1"], (await PlacesAsync(gateway)).Distinct().Order(StringComparer.Ordinal));
        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [.. pool.Endpoints.Skip(2)] });
        Assert.Equal(["2", "3", "4"], (await PlacesAsync(gateway)).Distinct().Order(StringComparer.Ordinal));
    }

    private EndpointAddress AddressOf(int backend) => TestEndpoints.Address(_backends[backend].Address.GetLeftPart(UriPartial.Authority));

    private Task<TestGateway> StartAsync(AffinityKind by, string? name, Func<PoolSettings, PoolSettings>? pool = null) => TestGateway.StartAsync(
        _backends.Select(b => b.Address), pool,
        settings => settings with { Routes = [new() { Name = "kept", Pool = "default", Affinity = new() { By = by, Name = name } }] });

    /// <summary>The backend of each user.</summary>
    private static async Task<IReadOnlyList<string>> PlacesAsync(TestGateway gateway)
    {
        var places = new List<string>();
        for (var user = 0; user < Users; user++)
        {
            places.Add(await AskAsync(gateway, user.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return places;
    }

    private static Task<string> AskAsync(TestGateway gateway, string user) => BodyAsync(gateway, $"/?user={Uri.EscapeDataString(user)}", user);

    private static async Task<string> BodyAsync(TestGateway gateway, string target, string? user = null)
    {
        var answer = await RawClient.AskAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n{(user is null ? "" : $"X-User: {user}\r\n")}Connection: close\r\n\r\n");
        Assert.Equal(200, answer.Status);
        return answer.BodyText;
    }
}
