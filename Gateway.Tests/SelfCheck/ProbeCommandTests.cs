using System.CommandLine;
using Gateway.Node.SelfCheck;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Settings;

namespace Gateway.Tests.SelfCheck;

public sealed class ProbeCommandTests
{
    [Fact]
    public async Task A_ready_replica_passes_with_one_line()
    {
        await using var gateway = await TestGateway.StartAsync([new Uri("http://127.0.0.1:1")]);
        var (code, output, error) = await ProbeAsync($"--listen-addr {gateway.Address.Authority}");

        Assert.Equal(0, code);
        Assert.Equal($"{gateway.Address}ready answered 200 {{\"status\":\"ready\"}}", output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_replica_that_leaves_fails_the_check_of_ready_and_passes_that_of_health()
    {
        await using var gateway = await TestGateway.StartAsync([new Uri("http://127.0.0.1:1")]);
        gateway.State.Drain();

        var (code, _, error) = await ProbeAsync($"--listen-addr {gateway.Address.Authority}");
        Assert.Equal(1, code);
        Assert.Equal($"{gateway.Address}ready answered 503 {{\"status\":\"draining\"}}", error);
        Assert.Equal(0, (await ProbeAsync($"--listen-addr {gateway.Address.Authority} --path /health")).Code);
    }

    [Fact]
    public async Task A_refused_connection_fails()
    {
        using var nobody = new RefusedAddress();
        var (code, output, error) = await ProbeAsync($"--listen-addr {nobody.EndPoint}");

        Assert.Equal(1, code);
        Assert.StartsWith($"{nobody.Address}ready failed: ", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_replica_that_hangs_fails_in_bounded_time()
    {
        await using var stuck = RawBackend.Start(RawScripts.Hang);
        var (code, _, error) = await ProbeAsync($"--listen-addr {stuck.EndPoint} --timeout-ms 50");

        Assert.Equal(1, code);
        Assert.Equal($"{stuck.Address}ready did not answer within 50 ms", error);
    }

    [Fact]
    public async Task A_body_that_never_ends_fails_in_bounded_time()
    {
        await using var stuck = RawBackend.Start(RawScripts.SlowBody(new TaskCompletionSource().Task));
        Assert.Equal(1, (await ProbeAsync($"--listen-addr {stuck.EndPoint} --timeout-ms 50")).Code);
    }

    [Fact]
    public async Task The_address_comes_from_the_flag_else_the_variable_else_the_file()
    {
        await using var flag = RawBackend.Start(RawScripts.Answer(body: "flag"));
        await using var variable = RawBackend.Start(RawScripts.Answer(body: "variable"));
        await using var file = RawBackend.Start(RawScripts.Answer(body: "file"));
        var json = $$"""{ "listenAddr": "{{file.EndPoint}}" }""";
        var set = ("GATEWAY_LISTEN_ADDR", variable.EndPoint.ToString());

        Assert.EndsWith("200 flag", (await ProbeAsync($"--listen-addr {flag.EndPoint} --config gateway.json", json, set)).Output, StringComparison.Ordinal);
        Assert.EndsWith("200 variable", (await ProbeAsync("--config gateway.json", json, set)).Output, StringComparison.Ordinal);
        Assert.EndsWith("200 file", (await ProbeAsync("--config gateway.json", json, ("GATEWAY_LISTEN_ADDR", ""))).Output, StringComparison.Ordinal);
        Assert.EndsWith("200 file", (await ProbeAsync("", json, ("GATEWAY_CONFIG", "gateway.json"))).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("localhost")]
    public async Task A_replica_that_listens_everywhere_is_asked_by_loopback(string host)
    {
        await using var replica = RawBackend.Start(RawScripts.Answer());
        Assert.Equal(0, (await ProbeAsync($"--listen-addr {host}:{replica.EndPoint.Port}")).Code);
    }

    [Theory]
    [InlineData("--listen-addr nowhere", "--listen-addr: 'nowhere' is not an address to connect to; allowed: host:port, ")]
    [InlineData("--listen-addr 127.0.0.1:0", "--listen-addr: '127.0.0.1:0' is not an address to connect to; allowed: host:port, ")]
    [InlineData("--config missing.json", "missing.json: no such file")]
    [InlineData("--path ready", "--path: 'ready' is not a path; allowed: /ready, /health")]
    [InlineData("--timeout-ms 0", "--timeout-ms: '0' is not a timeout; allowed: 1 to 60000")]
    [InlineData("--pth /health", "--pth: unknown flag; did you mean --path?")]
    public async Task A_bad_flag_is_named_and_ends_with_1_because_Docker_reserves_2(string flags, string line)
    {
        var (code, output, error) = await ProbeAsync(flags);

        Assert.Equal(1, code);
        Assert.StartsWith(line, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    private static async Task<(int Code, string Output, string Error)> ProbeAsync(
        string flags, string? file = null, params (string Name, string Value)[] variables)
    {
        var streams = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var given = Given.Source("", null, variables) with
        {
            ReadFile = (path, _) => file is not null && path == Given.FilePath ? Task.FromResult(file) : throw new FileNotFoundException("no such file", path),
        };
        var root = new RootCommand { ProbeCommand.Create(typed => given with { CommandLine = typed }) };
        var code = await root.Parse($"probe {flags}").InvokeAsync(streams);
        return (code, streams.Output.ToString()!.TrimEnd(), streams.Error.ToString()!.TrimEnd());
    }
}
