using System.Diagnostics;
using System.Net;
using Gateway.Core.Health;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Metrics;

/// <summary>The scrape itself, as Prometheus fetches it.</summary>
public sealed class ScrapeTests
{
    [Fact]
    public async Task It_is_served_on_an_address_of_its_own()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);
        var answer = await gateway.Client.GetAsync(gateway.MetricsAddress);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("gateway_build_info{", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(backend.Requests, request => request.Target == "/metrics");
    }

    [ProgramFact("promtool")]
    public async Task Promtool_has_nothing_to_complain_of()
    {
        await using var backend = RawBackend.Start(RawScripts.Burst(failures: 2));
        await using var gateway = await StartAsync(backend);
        await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("body"));
        await gateway.Client.GetAsync(new Uri("/a\\b", UriKind.Relative));
        var scrape = await gateway.Client.GetStringAsync(gateway.MetricsAddress);

        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(scrape);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync().WaitAsync(RawBackend.WaitTimeout);
        Assert.Equal("", string.Concat(await complaints));
        Assert.Equal(0, promtool.ExitCode);
    }

    private static Task<TestGateway> StartAsync(RawBackend backend) => TestGateway.StartAsync(
        [backend.Address],
        pool => pool with { Health = pool.Health with { Probe = new() { Kind = ProbeKind.Http } } },
        settings => settings with { MetricsEnabled = true, MetricsAddress = new(IPAddress.Loopback, 0) });
}
