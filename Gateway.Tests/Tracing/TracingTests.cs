using System.Net;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Tracing;

/// <summary>The trace of a request: the field for its backend, and the exported spans.</summary>
public sealed class TracingTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";
    private const string Parent = $"00-{Trace}-{Span}-01";

    [Fact]
    public async Task Without_tracing_the_fields_pass_as_they_are()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address]);
        await AskAsync(gateway, $"traceparent: {Parent}\r\ntraceparent: nonsense\r\ntracestate: a=1\r\nbaggage: b=2\r\n");
        var head = backend.Requests[^1].Head;
        Assert.Equal([Parent, "nonsense"], head.Values("traceparent"));
        Assert.Equal(("a=1", "b=2"), (head.Value("tracestate"), head.Value("baggage")));
    }

    [Fact]
    public async Task A_valid_parent_is_gone_on_with_and_its_state_and_baggage_pass()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, [backend.Address]);
        await AskAsync(gateway, $"traceparent: {Parent}\r\ntracestate: a=1, b=2\r\ntracestate: c=3\r\nbaggage: d=4\r\n", "/cart?x=1");
        var head = backend.Requests[^1].Head;
        Assert.Matches($"^00-{Trace}-[0-9a-f]{{16}}-01$", head.Value("traceparent"));
        Assert.Equal(["a=1, b=2", "c=3"], head.Values("tracestate"));
        Assert.Equal("d=4", head.Value("baggage"));

        await gateway.StopAsync(); // Flushes the rest.
        var spans = await receiver.SpansAsync(2, Trace);
        var (server, client) = (spans.Single(span => span.IsServer), spans.Single(span => span.IsClient));
        Assert.Equal((Span, server.SpanId), (server.ParentId, client.ParentId));
        Assert.Contains(client.SpanId, head.Value("traceparent"), StringComparison.Ordinal);
        Assert.Equal(("GET", "GET", "a=1, b=2,c=3"), (server.Name, client.Name, server.State));
        Assert.Equal((0, 0), (server.Status, client.Status));
        Assert.Equal(["/v1/traces"], receiver.Paths.Distinct());
        AssertTags(server, ("http.request.method", "GET"), ("url.path", "/cart"), ("url.query", "x=1"), ("url.scheme", "http"), ("client.address", "127.0.0.1"),
            ("network.protocol.version", "1.1"), ("http.response.status_code", 200L), ("http.response.body.size", 2L), ("gateway.route", "default"), ("gateway.pool", "default"));
        AssertTags(client, ("http.request.method", "GET"), ("server.address", "127.0.0.1"), ("server.port", (long)backend.EndPoint.Port),
            ("url.full", $"http://{backend.EndPoint}/cart?x=1"), ("http.response.status_code", 200L));
        Assert.Equal(("gateway", "test"), ((string)server.Resource["service.name"], (string)server.Resource["service.instance.id"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData($"traceparent: 00-00000000000000000000000000000000-{Span}-01\r\ntracestate: a=1\r\n")]
    [InlineData($"traceparent: {Parent}-more\r\ntracestate: a=1\r\n")]
    [InlineData($"traceparent: {Parent}\r\ntraceparent: {Parent}\r\ntracestate: a=1\r\n")]
    public async Task A_missing_or_invalid_parent_begins_a_trace_without_the_state(string fields)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, [backend.Address]);
        await AskAsync(gateway, fields);
        var head = backend.Requests[^1].Head;
        var sent = head.Value("traceparent")!;
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", sent);
        Assert.DoesNotContain(Trace, sent, StringComparison.Ordinal);
        Assert.Empty(head.Values("tracestate"));
        await gateway.StopAsync();
        Assert.Equal("", (await receiver.SpansAsync(2, sent[3..35])).Single(span => span.IsServer).ParentId);
    }

    [Fact]
    public async Task Each_attempt_has_a_span_of_its_own_which_its_backend_gets()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var failing = RawBackend.Start(RawScripts.Answer(503));
        await using var working = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, [failing.Address, working.Address]);
        await AskAsync(gateway, $"traceparent: {Parent}\r\n");
        if (failing.Requests.Count == 0)
        {
            await AskAsync(gateway, "");
            await AskAsync(gateway, $"traceparent: {Parent}\r\n");
        }

        await gateway.StopAsync();
        var attempts = receiver.Spans.Where(span => span.IsClient).GroupBy(span => span.ParentId).First(group => group.Count() == 2).ToList();
        Assert.Equal(
            attempts.Select(span => span.SpanId).Order(),
            failing.Requests.Concat(working.Requests).Select(request => request.Head.Value("traceparent")![36..52]).Where(id => attempts.Any(span => span.SpanId == id)).Order());
        var first = attempts.Single(span => !span.Tags.ContainsKey("http.request.resend_count"));
        AssertTags(first, ("http.response.status_code", 503L), ("error.type", "503"));
        AssertTags(attempts.Single(span => span != first), ("http.request.resend_count", 1L), ("http.response.status_code", 200L));
        Assert.Equal(2, first.Status);
    }

    [Theory]
    [InlineData("00", true, 1.0, false)]
    [InlineData("01", true, 0.0, true)]
    [InlineData("00", false, 1.0, true)]
    [InlineData("01", false, 0.0, false)]
    [InlineData(null, true, 1.0, true)]
    [InlineData(null, true, 0.0, false)]
    public async Task The_parent_or_the_share_decides_on_sampling_and_the_backend_gets_the_decision(string? flags, bool followsParent, double sample, bool isSampled)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, [backend.Address], tracing => tracing with { Sample = sample, FollowParent = followsParent });
        await AskAsync(gateway, flags is null ? "" : $"traceparent: 00-{Trace}-{Span}-{flags}\r\n");
        var sent = backend.Requests[^1].Head.Value("traceparent")!;
        Assert.EndsWith(isSampled ? "-01" : "-00", sent, StringComparison.Ordinal);
        Assert.NotEqual(Span, sent[36..52]);
        await gateway.StopAsync();
        Assert.Equal(isSampled ? 2 : 0, receiver.Spans.Count(span => span.TraceId == sent[3..35]));
    }

    [Fact]
    public async Task A_request_that_the_gateway_refuses_has_a_span_without_attempts()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: true);
        await using var gateway = await StartAsync(receiver, [], tracing => tracing with { Protocol = OtlpProtocol.Grpc });
        Assert.Equal(503, (await RawClient.AskAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\ntraceparent: {Parent}\r\n\r\n")).Status);
        await gateway.StopAsync();
        var span = Assert.Single(await receiver.SpansAsync(1, Trace));
        Assert.True(span.IsServer);
        Assert.Equal(2, span.Status);
        AssertTags(span, ("http.response.status_code", 503L), ("error.type", "503"));
    }

    [Fact]
    public async Task A_fault_of_the_client_is_not_an_error_of_the_span()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await StartAsync(receiver, [], settings: settings => settings with { Routes = [new() { Name = "api", PathPrefix = "/api", Pool = "default" }] });
        Assert.Equal(404, (await RawClient.AskAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: x\r\ntraceparent: {Parent}\r\n\r\n")).Status);
        await gateway.StopAsync();
        var span = Assert.Single(await receiver.SpansAsync(1, Trace));
        Assert.Equal(0, span.Status);
        Assert.False(span.Tags.ContainsKey("error.type"));
    }

    [Fact]
    public async Task A_method_of_nobodys_standard_makes_no_name()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, [backend.Address]);
        await RawClient.AskAsync(gateway.Address, $"BREW / HTTP/1.1\r\nHost: x\r\ntraceparent: {Parent}\r\n\r\n");
        await gateway.StopAsync();
        var span = (await receiver.SpansAsync(2, Trace)).Single(span => span.IsServer);
        Assert.Equal("HTTP", span.Name);
        AssertTags(span, ("http.request.method", "_OTHER"), ("http.request.method_original", "BREW"));
    }

    [Fact]
    public async Task Requests_of_http2_clients_are_traced_too()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(receiver, [backend.Address], settings: settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, gateway.Http2Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "traceparent", Parent } },
        };
        using var answer = await gateway.Client.SendAsync(request);
        Assert.StartsWith($"00-{Trace}-", backend.Requests[^1].Head.Value("traceparent"), StringComparison.Ordinal);
        await gateway.StopAsync();
        AssertTags((await receiver.SpansAsync(2, Trace)).Single(span => span.IsServer), ("network.protocol.version", "2"));
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_costs_no_request_anything_and_the_end_does_not_wait_for_it()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: settings => settings with { Tracing = new() { Endpoint = new("http://127.0.0.1:1") } });
        for (var i = 0; i < 10; i++)
        {
            await AskAsync(gateway, "");
        }
    }

    private static async Task AskAsync(TestGateway gateway, string fields, string target = "/") =>
        Assert.Equal(200, (await RawClient.AskAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n{fields}\r\n")).Status);

    private static Task<TestGateway> StartAsync(
        OtlpReceiver receiver, IEnumerable<Uri> backends, Func<TracingSettings, TracingSettings>? tracing = null, Func<GatewaySettings, GatewaySettings>? settings = null) =>
        TestGateway.StartAsync(backends, settings: plain =>
        {
            var plainTracing = new TracingSettings { Endpoint = receiver.Address };
            var with = plain with { Tracing = tracing?.Invoke(plainTracing) ?? plainTracing };
            return settings?.Invoke(with) ?? with;
        });

    private static void AssertTags(ReceivedSpan span, params (string Name, object Value)[] tags) =>
        Assert.All(tags, tag => Assert.Equal(tag.Value, span.Tags.GetValueOrDefault(tag.Name)));
}
