using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>A real replica's reports on its backends and refusals, by scrapes and the real <c>pbm</c>.</summary>
public sealed partial class ObservedProcessTests : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_backend_that_answers_500_shows_in_metrics_admin_api_and_pbm()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(500, "own fault"));
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(failing), ["--metrics-enabled", "--metrics-addr", "127.0.0.1:0"]);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await _http.GetAsync(gateway.Address);
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        }

        var backend = $"pool=\"default\",backend=\"{failing.EndPoint}\"";
        var scraped = new Uri(Url().Match(await gateway.Process.SaysAsync("metrics on ")).Value);
        var metrics = "";
        await gateway.Process.UntilAsync(async () => // A client may have its answer before that is counted.
        {
            metrics = await _http.GetStringAsync(scraped);
            return metrics.Contains($"gateway_backend_responses_total{{{backend},class=\"5xx\"}} 3\n", StringComparison.Ordinal);
        });
        Assert.Contains($"gateway_backend_state{{{backend},state=\"available\"}} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"gateway_backend_state{{{backend},state=\"ejected\"}} 0\n", metrics, StringComparison.Ordinal);
        Assert.Matches(@"\ngateway_client_connections [1-9]", metrics);
        Assert.Matches(@"\nprocess_resident_memory_bytes [1-9]", metrics);
        Assert.Matches(@"\ndotnet_gc_heap_bytes \d", metrics);

        var endpoint = JsonNode.Parse(await _http.GetStringAsync(new Uri(gateway.Admin, "/endpoints")))!["endpoints"]![0]!;
        Assert.Equal("available", (string?)endpoint["state"]);
        await using var pbm = RealProcess.Pbm(gateway.Admin.Authority, "--json", "gateway", "endpoint", failing.EndPoint.ToString());
        Assert.True(await pbm.EndsAsync() == 0, pbm.Said);
        Assert.Contains(pbm.Output, row => row.Contains("\"serverErrorsPerSecond\":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_breaker_is_not_blinded_by_an_empty_list_of_statuses_to_try_again_and_pbm_tells_the_last_failure()
    {
        await using var failing = RawBackend.Start(RawScripts.Answer(503, "no"));
        await using var gateway = await GatewayProcess.StartAsync(
            $$"""
            {
              "warmUp": "0s", "drain": { "delay": "0s" },
              "pools": { "default": { "endpoints": [ { "address": "http://{{failing.EndPoint}}" } ], "health": { "kind": "none" }, "retry": { "statuses": [] } } }
            }
            """);
        for (var i = 0; i < 5; i++)
        {
            using var answer = await _http.GetAsync(gateway.Address);
        }

        await gateway.Process.SaysAsync("breaker Closed -> Open (epoch 1): consecutive failures, the last: Status 503");
        await using var pbm = RealProcess.Pbm(gateway.Admin.Authority, "gateway", "endpoint", failing.EndPoint.ToString());
        Assert.True(await pbm.EndsAsync() == 0, pbm.Said);
        Assert.Contains(pbm.Output, line => line.Contains("LAST FAILURE", StringComparison.Ordinal));
        Assert.Contains(pbm.Output, line => line.Contains("Status 503", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_authentication_is_logged()
    {
        using var files = new TemporaryFiles([new("token", "0123456789abcdef")]);
        await using var gateway = await GatewayProcess.StartAsync("{ \"pools\": { \"default\": {} } }", ["--admin-token-file", files["token"]]);

        using var answer = await _http.GetAsync(new Uri(gateway.Admin, "/status"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await gateway.Process.SaysAsync("admin request from 127.0.0.1 refused: the token is missing");
    }

    [Fact]
    public async Task A_reload_to_pools_without_endpoints_is_taken_and_answers_503()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await GatewayProcess.StartAsync(ProcessConfig.Before(backend));
        Assert.Equal("ok", await _http.GetStringAsync(gateway.Address));

        await File.WriteAllTextAsync(gateway.ConfigPath, """{ "warmUp": "0s", "drain": { "delay": "0s" }, "pools": { "default": {} } }""");

        await EndToEnd.Eventually.IsAsync(async () =>
        {
            using var answer = await _http.GetAsync(gateway.Address);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
        }, RealProcess.WaitTimeout);
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Url();
}
