using Gateway.Core.Health;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>The checks of the replica itself: <c>/health</c> and <c>/ready</c>.</summary>
public sealed class ReplicaCheckTests
{
    [Theory]
    [InlineData("GET", "/health", "{\"status\":\"alive\"}")]
    [InlineData("GET", "/ready", "{\"status\":\"ready\"}")]
    [InlineData("HEAD", "/health", "")]
    [InlineData("HEAD", "/ready", "")]
    public async Task They_are_answered_by_the_gateway(string method, string path, string body)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AskAndSettleAsync($"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal((200, body), (answer.Status, answer.BodyText));
        Assert.Equal("application/json", answer.Head.Value("Content-Type"));
        Assert.Equal("no-store", answer.Head.Value("Cache-Control"));
        Assert.Equal("18", answer.Head.Value("Content-Length"));
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_request_total"));
    }

    [Theory]
    [InlineData("/health/x")]
    [InlineData("/healthy")]
    [InlineData("/Health")]
    [InlineData("//health")]
    public async Task Other_paths_are_not_theirs(string path)
    {
        await using var passage = await Passage.StartAsync();
        Assert.Equal(path, (await passage.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")).Target);
    }

    [Fact]
    public async Task They_take_no_slot()
    {
        var release = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(
            RawScripts.SlowHead(release.Task), settings: settings => settings with { Limits = settings.Limits with { MaxConnections = 1 } });
        await using var busy = await passage.ConnectAsync();
        await busy.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.Backend.WaitForRequestsAsync(1);
        Assert.Equal(200, (await passage.AskAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal(200, (await passage.AskAsync("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        Assert.Equal(503, (await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
        release.SetResult();
        Assert.Equal(200, (await busy.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Ready_waits_for_the_first_probe()
    {
        var release = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(
            RawScripts.SlowHead(release.Task), pool => pool with { Health = pool.Health with { Probe = new() { Kind = ProbeKind.Http } } });
        await passage.Backend.WaitForRequestsAsync(1);
        var answer = await passage.AskAsync("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal((503, "{\"status\":\"starting\"}"), (answer.Status, answer.BodyText));
        Assert.Equal(200, (await passage.AskAsync("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).Status);

        release.SetResult();
        await passage.Gateway.LoggedAsync("Unknown -> Healthy");
        Assert.Equal(200, (await passage.AskAsync("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
    }

    [Fact]
    public async Task A_leaving_replica_is_alive_but_not_ready_and_closes_its_connections()
    {
        await using var passage = await Passage.StartAsync();
        passage.Gateway.State.Drain();
        var ready = await passage.AskAsync("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal((503, "{\"status\":\"draining\"}"), (ready.Status, ready.BodyText));
        foreach (var path in new[] { "/health", "/served" })
        {
            await using var client = await passage.ConnectAsync();
            await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = await client.ReadAnswerAsync();
            Assert.Equal((200, "close"), (answer.Status, answer.Head.Value("Connection")));
            Assert.Empty(await client.ReadToEndAsync());
        }
    }
}
