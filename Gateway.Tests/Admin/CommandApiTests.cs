using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Actors.Journal;
using Gateway.Core.Commands;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Admin;

/// <summary>Commands over a real host.</summary>
public sealed class CommandApiTests
{
    [Fact]
    public async Task The_palettes_can_be_downloaded()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var palettes = await gateway.Admin.GetFromJsonAsync(new Uri("/commands", UriKind.Relative), CommandJson.Default.ImmutableArrayCommandPalette);
        Assert.Subset(palettes.Select(p => p.Name).ToHashSet(), new HashSet<string> { "actor", "log", "gateway" });
        Assert.All(palettes.SelectMany(p => p.Commands), command =>
        {
            Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
            Assert.All(command.Arguments, argument => Assert.Matches("^-[A-Za-z]$", argument.Switch));
            Assert.Distinct(command.Arguments.Select(a => a.Switch));
        });
    }

    [Theory]
    [InlineData("cluster", "down, down-unreachable, join, leader, leave, show, status, tail")]
    [InlineData("actor", "hierarchy, system")]
    [InlineData("log", "level, peek, tail")]
    [InlineData("gateway", "add, breaker auto, breaker close, breaker open, certs, config show, drain, endpoint, endpoints, events tail, pools, probe now, reload, remove, replicas, revert, route test, routes, status, top, undrain, weight")]
    public async Task Each_palette_has_its_commands(string palette, string commands)
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var palettes = await gateway.Admin.GetFromJsonAsync(new Uri("/commands", UriKind.Relative), CommandJson.Default.ImmutableArrayCommandPalette);
        Assert.Equal(commands, string.Join(", ", palettes.Single(p => p.Name == palette).Commands.Select(c => c.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Every_command_that_only_looks_and_ends_says_that_it_is_done()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        foreach (var line in new[]
        {
            "gateway status", "gateway pools", "gateway endpoints", "gateway replicas", "gateway top -n 1", "gateway routes", "gateway certs", "gateway route test GET /", "gateway config show", $"gateway endpoint {backend.EndPoint}",
            "actor system", "actor hierarchy", "actor hierarchy -s /user/pools -d 1", "log peek -n 3",
            "cluster show", "cluster status", "cluster leader",
        })
        {
            var outputs = await RunAsync(gateway, line);
            Assert.True(outputs is [_, .., CommandOutput.Done], $"{line}: {string.Join(", ", outputs)}");
        }
    }

    [Fact]
    public async Task The_hierarchy_shows_the_actors_of_the_endpoints()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        var lines = (await RunAsync(gateway, "actor hierarchy -s /user/pools")).OfType<CommandOutput.Line>().Select(l => l.Text).ToList();
        Assert.Equal("/user/pools", lines[0]);
        Assert.StartsWith("└─ pools-1", lines[1], StringComparison.Ordinal);
        Assert.Contains("└─ default-", lines[2], StringComparison.Ordinal);
        Assert.Contains($"{backend.EndPoint.Address}.{backend.EndPoint.Port}-", lines[3], StringComparison.Ordinal);
        Assert.Equal([new CommandOutput.Failed("no actor at /user/nobody")], await RunAsync(gateway, "actor hierarchy -s /user/nobody"));
    }

    [Fact]
    public async Task A_change_is_logged_with_who_and_what_and_is_in_force()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        gateway.Admin.DefaultRequestHeaders.UserAgent.ParseAdd("tester/1.0");
        var outputs = await RunAsync(gateway, "log level debug");
        Assert.Equal([new CommandOutput.Line("debug"), new CommandOutput.Done()], outputs);
        Assert.Equal(LogLevel.Debug, gateway.Services.GetRequiredService<LogLevels>().Level);
        Assert.True(gateway.Services.GetRequiredService<ILogger<CommandApiTests>>().IsEnabled(LogLevel.Debug));
        await gateway.LoggedAsync("127.0.0.1 (tester/1.0) requested: log level level=debug");
    }

    [Fact]
    public async Task A_replica_without_a_file_has_nothing_to_reload_and_says_so()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        Assert.Equal([new CommandOutput.Failed("the settings of this process cannot be reloaded")], await RunAsync(gateway, "gateway reload"));
        await gateway.LoggedAsync("failed: gateway reload: the settings of this process cannot be reloaded");
    }

    [Theory]
    [InlineData("{ \"words\": [] }", 400, "missing palette and command; palettes: ")]
    [InlineData("{ \"words\": [\"gateway\", \"nothing\"] }", 400, "unknown command 'nothing' of gateway; commands: ")]
    [InlineData("{}", 400, "missing palette and command; palettes: ")]
    [InlineData("[]", 400, "the body must be { \"words\": [ \"palette\", \"command\", ... ] }")]
    [InlineData("nonsense", 400, "the body must be { \"words\": [ \"palette\", \"command\", ... ] }")]
    public async Task An_unknown_command_is_refused_in_one_line(string body, int status, string detail)
    {
        await using var gateway = await TestGateway.StartAsync([]);
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await gateway.Admin.PostAsync(new Uri("/commands", UriKind.Relative), content);
        Assert.Equal(status, (int)answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.StartsWith(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static Task<List<CommandOutput>> RunAsync(TestGateway gateway, string line) => CommandStream.RunAsync(gateway, line);
}
