using System.Diagnostics;
using Gateway.Actors.Commands;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Docs;

/// <summary>The manual pages and completions in deploy match the programs' command lines.</summary>
public sealed class ProgramPagesTests
{
    private static readonly ProgramModel Gateway = ProgramModel.Gateway();

    [Fact]
    public void The_pages_of_gateway_are_up_to_date()
    {
        HoldCompletions(Gateway);
        Repository.Holds("deploy/man/gateway.1", ManualPage.Of(
            Gateway,
            ["--relay-endpoints http://host:port,... [options]", "--config gateway.json [options]", "command [options]"],
            [
                ("ENVIRONMENT", "Each option that is a setting can also be set by environment variable, such as GATEWAY_LISTEN_ADDR for --listen-addr. Precedence: option, variable, file, default."),
                ("FILES", "/etc/gateway/gateway.json: the settings of the systemd service. gateway.schema.json, in the program's directory, describes every setting."),
                ("SIGNALS", "SIGTERM and SIGINT drain and stop the process; a second one stops it at once. SIGHUP reloads the settings."),
                ("EXIT STATUS", "0: stopped by a signal, or the settings are valid. 1: stopped by itself, or shutdown did not complete in time. 2: invalid settings, or an address or file that cannot be used. 130: a command was interrupted."),
                ("SEE ALSO", "pbm(1)"),
            ]));
    }

    [Fact]
    public async Task The_pages_of_pbm_are_up_to_date()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var pbm = ProgramModel.Pbm(gateway.Services.GetRequiredService<CommandBook>().Palettes);
        HoldCompletions(pbm);
        Repository.Holds("deploy/man/pbm.1", ManualPage.Of(
            pbm,
            ["[host:port]", "[host:port] [options] palette command [switch value]...", "[host:port] help [palette [command]]"],
            [
                ("ENVIRONMENT", "PBM_HOST: the replica's admin address; default 127.0.0.1:9110. PBM_TOKEN_FILE, PBM_TOKEN, GATEWAY_ADMIN_TOKEN_FILE: the token."),
                ("EXIT STATUS", "0: success. 1: the command failed. 2: invalid command. 3: unreachable, or not authorized. 130: interrupted."),
                ("SEE ALSO", "gateway(1)"),
            ]));
    }

    /// <summary>Asks the real shell for completions.</summary>
    [ProgramTheory("bash")]
    [InlineData("gateway", "--load-balancing maglev --li", "--listen-addr")]
    [InlineData("gateway", "--load-balancing p", "p2c peak-ewma")]
    [InlineData("gateway", "pro", "probe")]
    [InlineData("gateway", "probe --ti", "--timeout-ms")]
    [InlineData("pbm", "gateway breaker ", "open close auto")]
    [InlineData("pbm", "127.0.0.1:9110 cluster s", "show status")]
    public async Task Bash_completes(string program, string typed, string offered)
    {
        var words = typed.Split(' ');
        var quoted = string.Join(' ', words.Select(word => $"'{word}'"));
        var script = $"source '{Path.Combine(Repository.Root, "deploy/completion", program + ".bash")}'; COMP_WORDS=({program} {quoted}); COMP_CWORD={words.Length}; _{program}; echo ${{COMPREPLY[*]}}";
        Assert.Equal(offered, await SaidAsync("bash", "-c", script));
    }

    [ProgramTheory("bash")]
    [InlineData("gateway.bash")]
    [InlineData("pbm.bash")]
    public Task Bash_reads_the_completions(string file) => ReadsAsync("bash", file);

    [ProgramTheory("zsh")]
    [InlineData("_gateway")]
    [InlineData("_pbm")]
    public Task Zsh_reads_the_completions(string file) => ReadsAsync("zsh", file);

    [ProgramTheory("fish")]
    [InlineData("gateway.fish")]
    [InlineData("pbm.fish")]
    public Task Fish_reads_the_completions(string file) => ReadsAsync("fish", file);

    [ProgramTheory("man")]
    [InlineData("gateway.1")]
    [InlineData("pbm.1")]
    public async Task Man_renders_the_manual_page(string file) =>
        Assert.Contains("SYNOPSIS", await SaidAsync("man", "--warnings", "-l", Path.Combine(Repository.Root, "deploy/man", file)), StringComparison.Ordinal);

    private static async Task ReadsAsync(string shell, string file) =>
        Assert.Equal("", await SaidAsync(shell, "-n", Path.Combine(Repository.Root, "deploy/completion", file)));

    private static void HoldCompletions(ProgramModel program)
    {
        Repository.Holds($"deploy/completion/{program.Name}.bash", ShellCompletion.Bash(program));
        Repository.Holds($"deploy/completion/_{program.Name}", ShellCompletion.Zsh(program));
        Repository.Holds($"deploy/completion/{program.Name}.fish", ShellCompletion.Fish(program));
    }

    private static async Task<string> SaidAsync(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Trim();
    }
}
