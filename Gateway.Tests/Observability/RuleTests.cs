using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Tests.Deploy;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Metrics;

namespace Gateway.Tests.Observability;

/// <summary>The rules of deploy/prometheus and the dashboard, as far as they can be checked without Prometheus.</summary>
public sealed partial class RuleTests
{
    private const string Folder = "deploy/prometheus";

    private static string Recording => Deployment.Read($"{Folder}/rules/recording.yml");

    private static string Alerts => Deployment.Read($"{Folder}/rules/alerts.yml");

    [ProgramFact("promtool")]
    public Task The_scrape_file_and_the_rules_are_valid() => PromtoolAsync("check", "config", "prometheus.yml");

    [ProgramFact("promtool")]
    public Task The_unit_tests_of_the_rules_pass() => PromtoolAsync("test", "rules", "tests/alerts.test.yml", "tests/recording.test.yml");

    [Fact]
    public void Every_alert_has_a_unit_test_that_sees_it_fire()
    {
        var tests = Deployment.Read($"{Folder}/tests/alerts.test.yml");
        var fired = FiredAlert().Matches(tests).Select(match => match.Groups[1].Value);
        Assert.Equal(Alert().Matches(Alerts).Select(match => match.Groups[1].Value).Order().ToList(), [.. fired.Distinct().Order()]);
    }

    [Fact]
    public void Rules_and_dashboard_ask_for_nothing_that_is_not_in_docs_metrics_or_recorded()
    {
        var known = Documented().Matches(Deployment.Read("docs/metrics.md")).Select(match => match.Groups[1].Value)
            .SelectMany(name => (string[])[name, $"{name}_bucket", $"{name}_sum", $"{name}_count"])
            .Concat(Recorded().Matches(Recording).Select(match => match.Groups[1].Value))
            .ToHashSet();
        var asked = Dashboard.Queries.Select(query => query.Query).Append(WithoutText(Alerts)).Append(WithoutText(Recording))
            .SelectMany(text => Name().Matches(text)).Select(match => match.Value).Where(name => name.Contains("gateway_", StringComparison.Ordinal)).ToHashSet();
        Assert.True(asked.Count > 20);
        Assert.Empty(asked.Except(known).Except(["gateway_alerts", "gateway_recording"]));

        // Descriptions and comments mention other names.
        static string WithoutText(string rules) => string.Join(
            '\n', rules.Split('\n').Where(line => !line.TrimStart().StartsWith('#') && !line.Contains("summary:", StringComparison.Ordinal) && !line.Contains("description:", StringComparison.Ordinal)));
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, Folder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync().WaitAsync(RawBackend.WaitTimeout);
        Assert.True(promtool.ExitCode == 0, string.Concat(await said));
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"alertname: (\w+)\n +exp_alerts:")]
    private static partial Regex FiredAlert();

    [GeneratedRegex(@"^\| `(gateway_\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex(@"- record: (\S+)")]
    private static partial Regex Recorded();

    [GeneratedRegex(@"[a-zA-Z_][\w:]*")]
    private static partial Regex Name();
}
