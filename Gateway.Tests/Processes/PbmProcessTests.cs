using Gateway.Cli.Invocation;
using Gateway.Core.Health;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Metrics;

namespace Gateway.Tests.Processes;

/// <summary>The real <c>pbm</c>, as seen by a shell.</summary>
public sealed class PbmProcessTests
{
    private const string Hint = "; pbm needs a gateway's admin address (--admin-addr, usually port 9110)";

    [Theory]
    [InlineData("gateway", "endpoints")]
    [InlineData("help")]
    [InlineData]
    public async Task At_the_address_for_requests_it_says_so(params string[] words)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(200, """{"some":"backend's JSON"}"""));
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await AssertFaultAsync(3, $"pbm: {gateway.Address.Authority} is a gateway's address for requests{Hint}", [gateway.Address.Authority, .. words]);
    }

    [Fact]
    public async Task At_the_address_for_metrics_it_says_so()
    {
        await using var gateway = await TestGateway.StartAsync([], settings: s => s with { MetricsEnabled = true, MetricsAddress = new(System.Net.IPAddress.Loopback, 0) });
        var metrics = gateway.MetricsAddress.Authority;
        await AssertFaultAsync(3, $"pbm: {metrics} is a gateway's metrics address{Hint}", metrics, "gateway", "status");
    }

    [Theory]
    [InlineData(200, """{"some":"JSON"}""")]
    [InlineData(200, "null")]
    [InlineData(404, "")]
    [InlineData(500, "<html>")]
    public async Task At_something_else_it_says_what_that_answered(int status, string body)
    {
        await using var other = RawBackend.Start(RawScripts.Answer(status, body));
        await using var pbm = RealProcess.Pbm(other.EndPoint.ToString(), "gateway", "status");
        Assert.True(await pbm.EndsAsync() == 3, pbm.Said);
        var line = Assert.Single(pbm.Errors);
        Assert.StartsWith($"pbm: {other.EndPoint} is not a gateway's admin address: it answered {status} ", line, StringComparison.Ordinal);
        Assert.EndsWith(Hint, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(503, 1)]
    public async Task Its_exit_code_tells_whether_a_probe_passed(int status, int code)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(status, ""));
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Health = new() { Interval = TimeSpan.FromHours(1), Probe = new() { Kind = ProbeKind.Http, Path = "/health" } } });
        await backend.WaitForRequestsAsync(1);
        await using var pbm = RealProcess.Pbm(gateway.Admin.BaseAddress!.Authority, "gateway", "probe", "now", backend.EndPoint.ToString());
        Assert.True(await pbm.EndsAsync() == code, pbm.Said);
        var line = code == 0 ? Assert.Single(pbm.Output) : Assert.Single(pbm.Errors);
        Assert.Contains($"the probe {(code == 0 ? "passed" : "failed")} in ", line, StringComparison.Ordinal);
    }

    /// <summary>In its own terminal (script, of util-linux), whose screen is checked.</summary>
    [ProgramFact("script")]
    public async Task Top_shows_the_endpoints_on_the_alternate_screen_and_leaves_the_last_of_it_behind()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var line = string.Join(' ', [.. RealProcess.ProgramOf(typeof(Pbm)), gateway.Admin.BaseAddress!.Authority, "gateway", "top", "-n", "2"]);
        await using var pbm = RealProcess.Start(
            ["script", "--quiet", "--return", "--flush", "--command", line, "/dev/null"], [], new Dictionary<string, string?> { ["TERM"] = "xterm", ["NO_COLOR"] = "1" });

        Assert.True(await pbm.EndsAsync() == 0, pbm.Said);

        var shown = string.Join('\n', pbm.Output);
        var (begins, ends) = (shown.IndexOf("\u001b[?1049h", StringComparison.Ordinal), shown.IndexOf("\u001b[?1049l", StringComparison.Ordinal));
        Assert.True(begins >= 0 && ends > begins, shown);
        Assert.DoesNotContain("\u001b[3J", shown, StringComparison.Ordinal);
        Assert.Equal(2, CountOf(shown[begins..ends], $"http://{backend.EndPoint}"));
        Assert.Equal(1, CountOf(shown[ends..], $"http://{backend.EndPoint}"));
    }

    private static int CountOf(string text, string what) => text.Split(what).Length - 1;

    private static async Task AssertFaultAsync(int code, string line, params string[] args)
    {
        await using var pbm = RealProcess.Pbm(args);
        pbm.Input.Close();
        Assert.True(await pbm.EndsAsync() == code, pbm.Said);
        Assert.Equal([line], pbm.Errors);
        Assert.Empty(pbm.Output);
    }
}
