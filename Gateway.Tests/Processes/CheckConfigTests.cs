using System.Text.RegularExpressions;

namespace Gateway.Tests.Processes;

/// <summary>The real <c>gateway --check-config</c>: its output for faulty files, and its exit code.</summary>
public sealed partial class CheckConfigTests : IDisposable
{
    private readonly TemporaryFiles _files = new([]);

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("""{ "maxConnections": "5", "pools": { "default": {} } }""", "maxConnections: '5' must not be in quotes; allowed: 1 to 1000000")]
    [InlineData("""{ "listenAddr": "127.0.0.1:65536", "pools": { "default": {} } }""", "listenAddr: '127.0.0.1:65536' has a port above 65535")]
    [InlineData("""{ "relayEndpoints": "ftp://a:1" }""", "relayEndpoints[0]: 'ftp://a:1' has the scheme 'ftp'")]
    [InlineData("""{ "relayEndpoints": "http://a:1,,http://b:1" }""", "relayEndpoints[1]: the list has an empty item")]
    [InlineData("""{ "relayEndpoints": "http://a:1;weight=1.5" }""", "relayEndpoints[0]: 'http://a:1;weight=1.5' has an invalid weight")]
    [InlineData("{ \"zone\": \"a\",\n  \"zone\": \"b\" }", "line 2, column 3: 'zone' is set twice in the same object")]
    [InlineData("", "is empty; allowed: { ... }")]
    [InlineData("""{ "drain": { "delay": "99:00:00" }, "pools": { "default": {} } }""", "drain.delay: '99:00:00' has more than 23 hours; write days in front, as in 4.03:00:00")]
    [InlineData("""{ "loadBalancing": "round-robbin", "pools": { "default": {} } }""", "loadBalancing: 'round-robbin' is not a strategy; did you mean round-robin?")]
    [InlineData("""{ "pool": { "default": {} } }""", "pool: unknown key; did you mean pools?")]
    [InlineData("""{ "adminTokenFile": "none", "pools": { "default": {} } }""", "adminTokenFile: ")]
    public async Task A_fault_is_one_line_and_exit_code_2(string config, string says)
    {
        await using var gateway = await CheckAsync(config);

        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.Contains(says, Assert.Single(gateway.Errors, line => !line.Contains("warning", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_instead_of_a_file_is_reported()
    {
        await using var gateway = RealProcess.Gateway("--check-config", "--config", "/tmp");
        Assert.True(await gateway.EndsAsync() == 2, gateway.Said);
        Assert.Equal("gateway: --config: '/tmp' is a directory; allowed: the path of a readable file", Assert.Single(gateway.Errors));
    }

    [Fact]
    public async Task Comments_trailing_commas_and_durations_with_units_are_well()
    {
        await using var gateway = await CheckAsync("""{ "drain": { "delay": "500ms", }, /* ours */ "pools": { "default": { "timeouts": { "request": "2m" } } } }""");
        Assert.True(await gateway.EndsAsync() == 0, gateway.Said);
        Assert.Equal("settings ok", Assert.Single(gateway.Output));
    }

    [Fact]
    public async Task The_sample_of_the_readme_needs_its_files_and_finds_them_beside_itself()
    {
        var sample = Sample().Match(Deploy.Deployment.Read("README.md")).Groups[1].Value;
        await using (var without = await CheckAsync(sample))
        {
            Assert.True(await without.EndsAsync() == 2, without.Said);
            Assert.Equal(2, without.Errors.Count(line => line.Contains(".pem' does not exist; allowed: the path of a readable PEM file", StringComparison.Ordinal)));
        }

        await File.WriteAllTextAsync(_files["ca.pem"], TestCertificates.Files["ca.crt"]);
        await File.WriteAllTextAsync(_files["gateway.pem"], TestCertificates.Files["a.crt"] + "\n" + TestCertificates.Files["a.key"]);
        await using var with = await CheckAsync(sample);
        Assert.True(await with.EndsAsync() == 0, with.Said);
    }

    [Theory]
    [InlineData(0, "Usage: gateway --relay-endpoints", "help")]
    [InlineData(0, "--port-offset", "help", "demo")]
    [InlineData(0, "--port-offset", "demo", "help")]
    [InlineData(2, "gateway: 'dmeo': unknown command; did you mean demo?", "help", "dmeo")]
    [InlineData(2, "gateway: 'dmeo': unknown command; did you mean demo?", "dmeo")]
    public async Task Help_is_a_command(int code, string says, params string[] args)
    {
        await using var gateway = RealProcess.Gateway(args);
        Assert.True(await gateway.EndsAsync() == code, gateway.Said);
        Assert.Contains(gateway.Output.Concat(gateway.Errors), line => line.Contains(says, StringComparison.Ordinal));
    }

    private async Task<RealProcess> CheckAsync(string config)
    {
        await File.WriteAllTextAsync(_files["gateway.json"], config);
        return RealProcess.Gateway("--check-config", "--config", _files["gateway.json"]);
    }

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
