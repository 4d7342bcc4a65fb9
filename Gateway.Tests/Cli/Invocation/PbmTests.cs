using System.Text.Json.Nodes;
using Gateway.Cli.Invocation;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Cli.Invocation;

/// <summary>The program against a real replica: its output and exit codes.</summary>
public sealed class PbmTests
{
    [Fact]
    public async Task One_command_prints_a_plain_table_when_nobody_looks()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var pbm = await RunAsync(gateway, "gateway", "endpoints");
        Assert.Equal((0, ""), (pbm.Code, pbm.Errors));
        var lines = pbm.Shown.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(["POOL", "ADDRESS", "ZONE", "WEIGHT", "PRIO", "SOURCE", "STATE"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..7]);
        Assert.Equal(["default", $"http://{backend.EndPoint}", "-", "1", "0", "settings", "available"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..7]);
        Assert.DoesNotContain('\u001b', pbm.Shown);
    }

    [Fact]
    public async Task Someone_who_looks_sees_colours_unless_they_are_unwanted()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        Assert.Contains("\u001b[32mavailable", (await RunAsync(gateway, new ScriptedTerminal(), null, "gateway", "endpoints")).Shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', (await RunAsync(gateway, new ScriptedTerminal(), null, "--no-color", "gateway", "endpoints")).Shown);
    }

    [Fact]
    public async Task Json_is_one_object_for_each_row()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var row = JsonNode.Parse((await RunAsync(gateway, "gateway", "endpoints", "--json")).Shown)!;
        Assert.Equal((1, "available", null), ((int)row["weight"]!, (string?)row["state"], (string?)row["zone"]));
    }

    [Theory]
    [InlineData("gatewya status", 2, "pbm: unknown palette 'gatewya'; did you mean gateway?")]
    [InlineData("endpoints", 2, "pbm: unknown palette 'endpoints'; did you mean gateway endpoints?")]
    [InlineData("gateway endpionts", 2, "pbm: unknown command 'endpionts' of gateway; did you mean gateway endpoints?")]
    [InlineData("gateway braeker open x", 2, "pbm: unknown command 'braeker' of gateway; did you mean gateway breaker open?")]
    [InlineData("help gateway drian", 2, "pbm: unknown command 'drian' of gateway; did you mean gateway drain?")]
    [InlineData("gateway", 2, "pbm: missing command; commands of gateway: ")]
    [InlineData("gateway endpoint", 2, "pbm: id is missing; usage: gateway endpoint <id>")]
    [InlineData("gateway endpoint 10.0.0.1:1", 1, "pbm: unknown endpoint '10.0.0.1:1'")]
    [InlineData("gateway endpoints -p none", 1, "pbm: unknown pool 'none'; pools: default")]
    [InlineData("gateway --colour", 2, "pbm: unknown option --colour; see pbm --help")]
    [InlineData("help none", 2, "pbm: unknown palette 'none'; palettes: ")]
    [InlineData("--token-file /no/such/file gateway status", 2, "pbm: the token file '/no/such/file' does not exist")]
    public async Task A_fault_is_one_line_and_an_exit_code(string line, int code, string fault)
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var pbm = await RunAsync(gateway, line.Split(' '));
        Assert.Equal((code, ""), (pbm.Code, pbm.Shown));
        Assert.StartsWith(fault, Assert.Single(pbm.Errors.TrimEnd().Split(Environment.NewLine)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_is_not_there_is_one_line()
    {
        using var refused = new RefusedAddress();
        var terminal = new ScriptedTerminal("");
        Assert.Equal(3, await Pbm.RunAsync([refused.EndPoint.ToString(), "gateway", "status"], terminal, _ => null));
        Assert.Equal($"pbm: {refused.EndPoint} cannot be reached: Connection refused", terminal.Errors.TrimEnd());
    }

    [Fact]
    public async Task An_invalid_admin_address_is_refused()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(200, "<html>"));
        var terminal = new ScriptedTerminal("");
        Assert.Equal(3, await Pbm.RunAsync([backend.EndPoint.ToString(), "gateway", "status"], terminal, _ => null));
        Assert.Contains("is not a gateway's admin address: it answered 200 ", Assert.Single(terminal.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_comes_from_a_file_or_the_environment_and_a_wrong_one_is_one_line()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "the-token-of-the-test\n");
            await using var gateway = await TestGateway.StartAsync([], settings: s => s with { AdminTokenFile = file });
            Assert.Equal(0, (await RunAsync(gateway, "--token-file", file, "gateway", "status")).Code);
            Assert.Equal(0, (await RunAsync(gateway, new(""), name => name == "PBM_TOKEN" ? "the-token-of-the-test" : null, "gateway", "status")).Code);
            Assert.Equal(0, (await RunAsync(gateway, new(""), name => name == "GATEWAY_ADMIN_TOKEN_FILE" ? file : null, "gateway", "status")).Code);

            var none = await RunAsync(gateway, "gateway", "status");
            Assert.Equal((3, $"pbm: {gateway.Admin.BaseAddress!.Authority} refused: the token is missing"), (none.Code, none.Errors.TrimEnd()));
            var wrong = await RunAsync(gateway, new(""), name => name == "PBM_TOKEN" ? "the-token-of-the-tesT" : null, "gateway", "status");
            Assert.Equal((3, $"pbm: {gateway.Admin.BaseAddress!.Authority} refused: the token is invalid"), (wrong.Code, wrong.Errors.TrimEnd()));
            Assert.DoesNotContain(gateway.Log, line => line.Contains("the-token", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Lines_that_are_piped_in_are_commands_and_the_last_fault_is_the_exit_code()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var pbm = await RunAsync(gateway, new ScriptedTerminal("gateway status\n\ngateway nonsense\nhelp nothing\nactor system\n"), null);
        Assert.Equal(2, pbm.Code);
        Assert.Contains("REPLICA", pbm.Shown, StringComparison.Ordinal);
        Assert.Contains("AKKA", pbm.Shown, StringComparison.Ordinal);
        Assert.Equal(2, pbm.Errors.TrimEnd().Split(Environment.NewLine).Length);
    }

    [Fact]
    public async Task The_shell_completes_what_this_replica_offers_and_goes_on_after_faults()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var terminal = new ScriptedTerminal().Type("gat", ConsoleKey.Tab).Type("endpoint default/", ConsoleKey.Tab, ConsoleKey.Enter)
            .Type("no such thing", ConsoleKey.Enter).Type("help log", ConsoleKey.Enter).Type("exit", ConsoleKey.Enter);
        var pbm = await RunAsync(gateway, terminal, null);
        Assert.Equal(0, pbm.Code);
        Assert.Contains($"[{gateway.Admin.BaseAddress!.Authority}] pbm> gateway endpoint default/http://{backend.EndPoint} ", pbm.Shown, StringComparison.Ordinal);
        Assert.Contains("LAST PROBE", pbm.Shown, StringComparison.Ordinal);
        Assert.Contains("peek [-n count]", pbm.Shown, StringComparison.Ordinal);
        Assert.StartsWith("pbm: unknown palette 'no'", pbm.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_that_is_followed_ends_with_an_interruption()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var terminal = new ScriptedTerminal("");
        var running = RunAsync(gateway, terminal, null, "gateway", "events", "tail", "-n", "100");
        await Eventually.IsAsync(() => terminal.Shown.Contains("replica test listens", StringComparison.Ordinal));
        terminal.Interrupt();
        Assert.Equal(130, (await running).Code);
    }

    [Fact]
    public async Task A_replica_that_ends_under_a_command_is_one_line()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var terminal = new ScriptedTerminal("");
        var running = RunAsync(gateway, terminal, null, "gateway", "top");
        await Eventually.IsAsync(() => terminal.Shown.Contains("REPLICA", StringComparison.Ordinal));
        await gateway.StopAsync();
        Assert.Equal(1, (await running).Code);
        Assert.Equal($"pbm: connection to {gateway.Admin.BaseAddress!.Authority} lost: the replica stopped or restarted", terminal.Errors.TrimEnd());
    }

    [Theory]
    [InlineData("--help", "Usage: pbm [host:port]")]
    [InlineData("--version", "0.1.0")]
    public async Task Help_and_version_need_no_replica(string option, string shown)
    {
        var terminal = new ScriptedTerminal("");
        Assert.Equal(0, await Pbm.RunAsync([option], terminal, _ => null));
        Assert.Contains(shown, terminal.Shown, StringComparison.Ordinal);
    }

    private static Task<Ran> RunAsync(TestGateway gateway, params string[] args) => RunAsync(gateway, new ScriptedTerminal(""), null, args);

    private static async Task<Ran> RunAsync(TestGateway gateway, ScriptedTerminal terminal, Func<string, string?>? environment, params string[] args)
    {
        var code = await Pbm.RunAsync([gateway.Admin.BaseAddress!.Authority, .. args], terminal, environment ?? (_ => null));
        return new(code, terminal.Shown, terminal.Errors);
    }

    private sealed record Ran(int Code, string Shown, string Errors);
}
