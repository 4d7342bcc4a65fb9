using Gateway.Core.Pools;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>The gateway's own error answers, which have a common form, and no body for HEAD.</summary>
public sealed class ProblemTests
{
    public static TheoryData<string> Methods => ["GET", "HEAD", "POST"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task No_route_is_404(string method)
    {
        await using var passage = await Passage.StartAsync(settings: OnlyApi);
        await AssertProblemAsync(passage, method, 404, "destination_not_found");
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_target_that_is_not_valid_is_400(string method)
    {
        await using var passage = await Passage.StartAsync();
        await AssertProblemAsync(passage, method, 400, "http_request_error", target: "/a\\b");
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_pool_without_backends_is_503(string method)
    {
        await using var passage = await Passage.StartAsync(pool: pool => pool with { Endpoints = [] });
        await AssertProblemAsync(passage, method, 503, "destination_unavailable");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_backend_that_refuses_connections_is_502(string method)
    {
        using var refused = RawBackend.RefusedAddress();
        var nobody = TestEndpoints.Address($"http://{refused.Address.Authority}");
        await using var passage = await Passage.StartAsync(pool: pool => WithoutRetries(pool) with { Endpoints = [new(nobody)] });
        await AssertProblemAsync(passage, method, 502, "connection_refused");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_backend_that_closes_unanswered_is_502(string method)
    {
        await using var passage = await Passage.StartAsync(RawScripts.CloseUnanswered, WithoutRetries);
        await AssertProblemAsync(passage, method, 502, "connection_terminated");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_backend_that_does_not_speak_HTTP_is_502(string method)
    {
        await using var passage = await Passage.StartAsync(RawScripts.Garbage);
        await AssertProblemAsync(passage, method, 502, "http_protocol_error");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_backend_that_does_not_answer_in_time_is_504(string method)
    {
        var brief = TimeoutPolicy.Default with { Request = TimeSpan.FromMilliseconds(200) };
        await using var passage = await Passage.StartAsync(RawScripts.Hang, pool => WithoutRetries(pool) with { Timeouts = brief });
        await AssertProblemAsync(passage, method, 504, "http_response_timeout");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_gateway_that_has_as_many_requests_as_it_may_is_503(string method)
    {
        var release = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(
            RawScripts.SlowHead(release.Task), settings: settings => settings with { Limits = settings.Limits with { MaxConnections = 1 } });
        await using var first = await passage.ConnectAsync();
        await first.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await passage.Backend.WaitForRequestsAsync(1);

        await AssertProblemAsync(passage, method, 503, "connection_limit_reached");
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_requests_shed_total"));
        release.SetResult();
        Assert.Equal("late", (await first.ReadAnswerAsync()).BodyText);
        await Passage.SettleAsync(first);
        Assert.Equal(200, (await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
    }

    [Fact]
    public async Task The_gateway_is_named_whatever_its_name()
    {
        await using var passage = await Passage.StartAsync(settings: settings => OnlyApi(settings) with { GatewayId = "a \"b\" \\c" });
        var answer = await passage.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("\"a \\\"b\\\" \\\\c\"; error=destination_not_found", answer.Head.Value("Proxy-Status"));
    }

    [Fact]
    public async Task A_refused_request_leaves_its_connection_usable()
    {
        await using var passage = await Passage.StartAsync(settings: OnlyApi);
        await using var client = await passage.ConnectAsync();
        await client.SendAsync("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /api HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(404, (await client.ReadAnswerAsync()).Status);
        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
    }

    private static async Task AssertProblemAsync(Passage passage, string method, int status, string error, string target = "/")
    {
        await using var client = await passage.ConnectAsync();
        await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: x\r\n{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n");
        var answer = await client.ReadAnswerAsync(method);
        ProblemShape.AssertProblem(answer, status, error, method == "HEAD");
        Assert.NotEqual("0", answer.Head.Value("Content-Length"));
        await Passage.SettleAsync(client); // It would get no answer if one to HEAD had a body.
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("status", $"{status}"), ("method", method)));
    }

    private static PoolSettings WithoutRetries(PoolSettings pool) => pool with { Retry = new() { Attempts = 0 } };

    private static GatewaySettings OnlyApi(GatewaySettings settings) =>
        settings with { Routes = [new() { Name = "api", PathPrefix = "/api", Pool = "default" }] };
}
