using Gateway.Actors.Surroundings;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Node.Probing;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Probing;

/// <summary>What a probe finds over a real socket. Probes of gRPC and over TLS are tested from end to end.</summary>
public sealed class EndpointProbeTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly EndpointProbe _probe;

    public EndpointProbeTests() => _probe = new(new BackendTls(), _clock);

    public static TheoryData<string, Func<RawExchange, Task>, ProbeSpec, FailureReason, string> Answers => new()
    {
        { "a success", RawScripts.Answer(), new(), FailureReason.None, "" },
        { "another success", RawScripts.Answer(204, ""), new(), FailureReason.None, "" },
        { "a failure", RawScripts.Answer(503), new(), FailureReason.Status, "status 503" },
        { "a redirect, which is not followed", RawScripts.Answer(301, "", "Location: /"), new(), FailureReason.Status, "status 301" },
        { "the lowest status of the range", RawScripts.Answer(401), new() { StatusFrom = 401, StatusTo = 403 }, FailureReason.None, "" },
        { "the highest status of the range", RawScripts.Answer(403), new() { StatusFrom = 401, StatusTo = 403 }, FailureReason.None, "" },
        { "a success outside of the range", RawScripts.Answer(), new() { StatusFrom = 401, StatusTo = 403 }, FailureReason.Status, "status 200" },
        { "the text that is wanted", RawScripts.Answer(200, "all is well"), new() { BodyContains = "is well" }, FailureReason.None, "" },
        { "another text", RawScripts.Answer(200, "all is lost"), new() { BodyContains = "is well" }, FailureReason.Body, "the body does not contain the expected text" },
        { "the text beyond what is read", RawScripts.Answer(200, new string('x', 64 * 1024) + "is well"), new() { BodyContains = "is well" }, FailureReason.Body, "the body does not contain the expected text" },
        { "no HTTP", RawScripts.Garbage, new(), FailureReason.Malformed, "Received an invalid status line" },
        { "an end without an answer, whose text is .NET's", RawScripts.CloseUnanswered, new(), FailureReason.Reset, "" },
        { "a connection, whatever would be answered", RawScripts.Garbage, new() { Kind = ProbeKind.Tcp }, FailureReason.None, "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task It_passes_or_says_what_is_wrong(string what, Func<RawExchange, Task> script, ProbeSpec spec, FailureReason reason, string detail)
    {
        await using var backend = RawBackend.Start(script);

        var result = await ProbeAsync(backend.Address, spec);

        Assert.True((reason == FailureReason.None, true, reason) == (result.Passed, result.Sent, result.Reason), $"{what}: {result}");
        Assert.StartsWith(detail, result.Detail, StringComparison.Ordinal);
        Assert.False(result.Degraded);
    }

    [Theory]
    [InlineData("X-Health: degraded", true)]
    [InlineData("X-Health: Degraded", true)]
    [InlineData("X-Health: fine", false)]
    public async Task An_endpoint_may_say_that_it_is_degraded(string field, bool isDegraded)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(200, "ok", field));

        var result = await ProbeAsync(backend.Address, new());

        Assert.Equal((true, isDegraded), (result.Passed, result.Degraded));
    }

    [Fact]
    public async Task Each_is_a_GET_of_its_own_connection_that_says_who_it_is()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await ProbeAsync(backend.Address, new() { Path = "/live?deep=1", Host = "shop.example" });
        await ProbeAsync(backend.Address, new());

        Assert.Equal([("GET", "/live?deep=1", 0), ("GET", "/health", 1)], backend.Requests.Select(seen => (seen.Method, seen.Target, seen.Connection)));
        Assert.Equal(["shop.example", backend.EndPoint.ToString()], backend.Requests.Select(seen => seen.Head.Value("Host")));
        Assert.All(backend.Requests, seen => Assert.Equal(("gateway-probe", "close"), (seen.Head.Value("User-Agent"), seen.Head.Value("Connection"))));
    }

    [Theory]
    [InlineData(ProbeKind.Http)]
    [InlineData(ProbeKind.Tcp)]
    public async Task Without_a_listener_there_is_no_connection(ProbeKind kind)
    {
        using var refused = new RefusedAddress();

        var result = await ProbeAsync(new($"http://{refused.EndPoint}"), new() { Kind = kind });

        Assert.Equal((false, true, FailureReason.Connect), (result.Passed, result.Sent, result.Reason));
        Assert.StartsWith("Connection refused", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_answer_in_time_it_fails()
    {
        await using var backend = RawBackend.Start(RawScripts.Hang);
        var probing = ProbeAsync(backend.Address, new() { Timeout = TimeSpan.FromSeconds(5) });
        await backend.WaitForRequestsAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(probing.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        var result = await probing;

        Assert.Equal((false, FailureReason.Timeout, "no result within 5 s", TimeSpan.FromSeconds(5)), (result.Passed, result.Reason, result.Detail, result.Latency));
    }

    public void Dispose() => _probe.Dispose();

    private async Task<ProbeResult> ProbeAsync(Uri address, ProbeSpec spec) =>
        await _probe.ProbeAsync(new ProbeTarget(TestEndpoints.Address(address.GetLeftPart(UriPartial.Authority)), spec), CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);
}
