using System.Text.RegularExpressions;
using Gateway.Node.Exporting;
using Gateway.Node.Metrics;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Prometheus;

namespace Gateway.Tests.Metrics;

/// <summary>Compares docs/metrics.md with the code.</summary>
public sealed partial class MetricsDocumentTests
{
    private static IReadOnlyList<Described> Document =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "metrics.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .Select(row => row.Groups)
            .Select(g => new Described(g[1].Value, g[2].Value, g[3].Value.Replace("`", "", StringComparison.Ordinal), g[4].Value)),
    ];

    private static IReadOnlyList<Described> Code
    {
        get
        {
            var registry = Prometheus.Metrics.NewCustomRegistry();
            return
            [
                .. ((object[])[new GatewayInstruments(registry), new ProcessInstruments(registry), new TlsInstruments(registry), new LimitInstruments(registry), new ExportInstruments(registry),
                    new MirrorInstruments(registry), new RouteInstruments(registry)])
                    .SelectMany(instruments => instruments.GetType().GetProperties().Select(property => (Collector)property.GetValue(instruments)!))
                    .Select(i => new Described(i.Name, i.GetType().Name.ToLowerInvariant(), string.Join(", ", i.LabelNames), i.Help)),
            ];
        }
    }

    [Fact]
    public void The_document_and_the_code_say_the_same() => Assert.Equal(
        Code.OrderBy(described => described.Name, StringComparer.Ordinal),
        Document.OrderBy(described => described.Name, StringComparer.Ordinal));

    [Fact]
    public async Task A_scrape_holds_nothing_that_the_document_does_not_know()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        var families = Family().Matches(await gateway.ScrapeAsync()).Select(family => (family.Groups[1].Value, family.Groups[2].Value)).ToList();
        Assert.NotEmpty(families);
        Assert.Subset(Document.Select(described => (described.Name, described.Type)).ToHashSet(), families.ToHashSet());
    }

    [GeneratedRegex(@"^\| `((?:gateway|process|dotnet)_\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"^# TYPE (\w+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Family();

    private sealed record Described(string Name, string Type, string Labels, string Meaning);
}
