using Gateway.Node.Settings;

namespace Gateway.Tests.Settings;

/// <summary>The access log by flag, variable and file, in their precedence.</summary>
public sealed class AccessLogSettingsTests
{
    [Fact]
    public async Task Without_a_word_there_is_none_and_requests_bear_no_id()
    {
        var settings = await Given.Loaded(Given.OneEndpoint);
        Assert.Null(settings.AccessLog);
        Assert.False(settings.RequestId.Enabled);
    }

    [Fact]
    public async Task A_flag_alone_has_every_default_and_gives_requests_an_id()
    {
        var settings = await Given.Loaded($"{Given.OneEndpoint} --access-log -");
        Assert.Equal(AccessLogSettings.Default, settings.AccessLog);
        Assert.True(settings.RequestId.Enabled);
    }

    [Theory]
    [InlineData("--access-log flag.log", "variable.log", "flag.log")]
    [InlineData("", "variable.log", "variable.log")]
    [InlineData("", "", "/etc/gateway/file.log")]
    public async Task A_flag_wins_over_the_variable_and_that_over_the_file_and_what_else_the_file_says_stays(string flag, string variable, string to)
    {
        var settings = await Given.Loaded(
            $"{Given.OneEndpoint} {flag}", """{ "accessLog": { "to": "/etc/gateway/file.log", "format": "combined", "keep": 3 } }""", ("GATEWAY_ACCESS_LOG", variable));
        Assert.Equal(AccessLogSettings.Default with { To = to, Format = AccessLogFormat.Combined, Keep = 3 }, settings.AccessLog);
    }

    [Fact]
    public async Task The_file_may_say_how_and_the_flag_where_to() => Assert.Equal(
        AccessLogSettings.Default with { Format = AccessLogFormat.Combined },
        (await Given.Loaded($"{Given.OneEndpoint} --access-log -", """{ "accessLog": { "format": "combined" } }""")).AccessLog);

    [Fact]
    public async Task A_text_in_the_file_stands_for_where_to() => Assert.Equal(
        AccessLogSettings.Default with { To = "syslog:/dev/log" }, (await Given.Loaded(Given.OneEndpoint, """{ "accessLog": "syslog:/dev/log" }""")).AccessLog);

    [Theory]
    [InlineData("--access-log syslog:x", null, "--access-log: 'syslog:x' is not the address of a syslog server; allowed: syslog:/path of a socket, or syslog://host:port")]
    [InlineData("--access-log syslog:x", """{ "accessLog": { "keep": 1 } }""", "--access-log: 'syslog:x' is not the address of a syslog server; allowed: syslog:/path of a socket, or syslog://host:port")]
    [InlineData("--access-log -", """{ "accessLog": { "maxSize": 1 } }""", "gateway.json: accessLog.maxSize: '1' is too small; allowed: 0 (never), or 65536 or more")]
    public async Task A_fault_has_the_name_of_its_source(string flags, string? file, string fault) =>
        Assert.Equal(fault, Assert.Single(await Given.Faults($"{Given.OneEndpoint} {flags}", file)));

    [Fact]
    public async Task A_change_takes_effect_at_the_next_start()
    {
        var running = await Given.Loaded($"{Given.OneEndpoint} --access-log -");
        Assert.Empty(SettingsChange.NeedingRestart(running, await Given.Loaded($"{Given.OneEndpoint} --access-log -")));
        Assert.Equal(["accessLog"], SettingsChange.NeedingRestart(running, await Given.Loaded($"{Given.OneEndpoint} --access-log -", """{ "accessLog": { "fields": [] } }""")).AsEnumerable());
    }
}
