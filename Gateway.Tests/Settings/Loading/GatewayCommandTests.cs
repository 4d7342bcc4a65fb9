using System.CommandLine;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Loading;

namespace Gateway.Tests.Settings.Loading;

public sealed class GatewayCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private GatewaySettings? _ran;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Valid_settings_are_run_and_the_exit_code_is_the_runs()
    {
        Assert.Equal(7, await Invoke("--relay-endpoints", "http://a:1"));
        Assert.Equal("host-1", _ran!.GatewayId);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Bad_settings_end_with_exit_code_2_and_a_line_for_each_fault_on_standard_error()
    {
        Assert.Equal(2, await Invoke("--relay-endpoints", "http://a:1", "--zone", "a b", "--max-conections", "5"));
        Assert.Equal(
            """
            gateway: --max-conections: unknown flag; did you mean --max-connections?
            gateway: --zone: 'a b' is not a name; allowed: 1 to 64 letters, digits, dots, dashes and underscores

            """,
            _error.ToString(),
            ignoreLineEndingDifferences: true);
        Assert.Empty(_output.ToString());
        Assert.Null(_ran);
    }

    [Fact]
    public async Task Check_config_says_that_all_is_well_and_runs_nothing()
    {
        Assert.Equal(0, await Invoke("--check-config", "--relay-endpoints", "http://a:1"));
        Assert.Equal("settings ok", _output.ToString().TrimEnd());
        Assert.Null(_ran);
    }

    [Fact]
    public async Task Check_config_ends_bad_settings_with_exit_code_2() => Assert.Equal(2, await Invoke("--check-config"));

    [Fact]
    public async Task The_help_names_every_flag_its_default_and_its_variable()
    {
        Assert.Equal(0, await Invoke("--help"));
        var help = _output.ToString();

        Assert.All(Flag.All, flag => Assert.Contains(flag.Option, help, StringComparison.Ordinal));
        Assert.Contains("[127.0.0.1:8080]", help, StringComparison.Ordinal);
        Assert.Contains("[round-robin]", help, StringComparison.Ordinal);
        Assert.Contains("GATEWAY_LISTEN_ADDR", help, StringComparison.Ordinal);
        Assert.Contains("gateway demo", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
        Assert.Null(_ran);
    }

    [Fact]
    public async Task A_subcommand_runs_by_itself_without_settings()
    {
        Assert.Equal(9, await Invoke("demo", "--replicas", "2"));
        Assert.Null(_ran);
    }

    [Theory]
    [InlineData("--replicsa", "gateway: --replicsa: unknown flag; did you mean --replicas?")]
    [InlineData("--replicas", "gateway: demo: Required argument missing for option: '--replicas'.")]
    public async Task Bad_flags_of_a_subcommand_end_with_exit_code_2(string flag, string line)
    {
        Assert.Equal(2, await Invoke("demo", flag));
        Assert.Equal(line, _error.ToString().TrimEnd());
    }

    [Fact]
    public async Task The_version_is_printed()
    {
        Assert.Equal(0, await Invoke("--version"));
        Assert.NotEmpty(_output.ToString());
    }

    [Fact]
    public async Task A_value_that_begins_with_an_at_sign_is_not_a_response_file()
    {
        Assert.Equal(2, await Invoke("--relay-endpoints", "http://a:1", "--zone", "@zone"));
        Assert.Contains("--zone: '@zone' is not a name", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> Invoke(params string[] args)
    {
        var demo = new Command("demo", "Three replicas and four backends.") { new Option<int>("--replicas") };
        demo.SetAction((_, _) => Task.FromResult(9));
        var command = new GatewayCommand(
            (settings, _, _) =>
            {
                _ran = settings;
                return Task.FromResult(7);
            },
            [demo],
            parsed => Given.Source("", null) with { CommandLine = parsed });
        return command.InvokeAsync(args, _output, _error);
    }
}
