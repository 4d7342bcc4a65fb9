using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Tracing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Exporting;

/// <summary>Metrics exported to an OTLP receiver.</summary>
public sealed class MetricsExportTests
{
    [Theory]
    [InlineData(OtlpProtocol.Http, "/v1/metrics")]
    [InlineData(OtlpProtocol.Grpc, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public async Task The_end_of_the_process_sends_what_a_scrape_would_have(OtlpProtocol protocol, string path)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: protocol == OtlpProtocol.Grpc);
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, backend, plain => plain with { Protocol = protocol });
        await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        await gateway.StopAsync();

        var export = Assert.Single(receiver.Metrics);
        Assert.Equal([path], receiver.Paths);
        Assert.Equal(("gateway", "test"), (export.Resource["service.name"], export.Resource["service.instance.id"]));
        var requests = Assert.Single(export.Of("gateway_request_total", ("status", "200"), ("pool", "default")));
        Assert.Equal(("sum", 2, true, 2.0), (requests.Kind, requests.Temporality, requests.IsMonotonic, requests.Value));
        Assert.True(requests.Start < requests.Time);
        Assert.NotEqual("", requests.Description);
        var duration = Assert.Single(export.Of("gateway_request_duration_seconds"));
        Assert.Equal(("histogram", 2L), (duration.Kind, duration.Count));
        Assert.Equal(2ul, duration.Buckets.Aggregate(0ul, (sum, count) => sum + count));
        Assert.Equal(duration.Bounds.Length + 1, duration.Buckets.Length);
        Assert.Equal(duration.Bounds.Order(), duration.Bounds);
        Assert.True(duration.Value > 0);
        var active = Assert.Single(export.Of("gateway_active_requests"));
        Assert.Equal(("gauge", 0.0), (active.Kind, active.Value));
    }

    [Fact]
    public async Task Exports_go_on_in_their_interval_and_a_receiver_that_fails_is_logged_once()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Status = StatusCodes.Status503ServiceUnavailable;
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, backend, plain => plain with { Interval = TimeSpan.FromMilliseconds(20) });
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_otlp_exports_total", ("result", "failed")) >= 3);
        receiver.Status = StatusCodes.Status200OK;
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_otlp_exports_total", ("result", "accepted")) >= 2);
        await gateway.StopAsync();
        Assert.Single(gateway.Log, line => line.Contains("the receiver answered 503; retrying every", StringComparison.Ordinal));
        Assert.Single(gateway.Log, line => line.Contains("works again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)] // CANCELLED: nothing was cancelled here.
    [InlineData(8)]
    public async Task Whatever_a_receiver_answers_the_gateway_goes_on(int grpcStatus)
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: true);
        receiver.GrpcStatus = grpcStatus;
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, backend, plain => plain with { Protocol = OtlpProtocol.Grpc, Interval = TimeSpan.FromMilliseconds(20) });
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_otlp_exports_total", ("result", "failed")) >= 2);
        receiver.GrpcStatus = 0;
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_otlp_exports_total", ("result", "accepted")) >= 2);
        Assert.True((await gateway.Client.GetAsync(new Uri("/", UriKind.Relative))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Points_that_a_receiver_rejects_are_a_failure()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        receiver.Answer = [0x0a, 0x06, 0x08, 0x02, 0x12, 0x02, (byte)'n', (byte)'o'];
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, backend, plain => plain with { Interval = TimeSpan.FromMilliseconds(20) });
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_otlp_exports_total", ("result", "failed")) >= 1);
        Assert.Contains(gateway.Log, line => line.Contains("the receiver rejected 2 points: no", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_holds_up_neither_requests_nor_the_end()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        using var refused = new RefusedAddress();
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: plain => plain with { OtlpMetrics = new() { Endpoint = refused.Address, Interval = TimeSpan.FromMilliseconds(20) } });
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_otlp_exports_total", ("result", "failed")) >= 2);
        Assert.True((await gateway.Client.GetAsync(new Uri("/", UriKind.Relative))).IsSuccessStatusCode);
        await gateway.StopAsync();
    }

    private static Task<TestGateway> StartAsync(OtlpReceiver receiver, RawBackend backend, Func<OtlpMetricsSettings, OtlpMetricsSettings> export) =>
        TestGateway.StartAsync([backend.Address], settings: plain => plain with { OtlpMetrics = export(new() { Endpoint = receiver.Address }) });
}
