using System.IO.Pipelines;
using Gateway.Node.Engine;
using Gateway.Node.Ingress;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Ingress;

/// <summary>The relay to the engine, with a server that does what Kestrel never would, or not on demand.</summary>
public sealed class RequestRelayTests
{
    [Theory]
    [InlineData("/a b")]
    [InlineData("/\r\nX: 1")]
    public async Task A_request_that_the_engine_cannot_read_is_refused_and_counted_once(string target)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);
        var server = new Server(target);

        await server.ServeAsync(gateway);

        Assert.Equal((400, "application/problem+json"), (server.Context.Response.StatusCode, server.Context.Response.ContentType));
        Assert.Equal(1, await gateway.MetricAsync("gateway_requests_malformed_total"));
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task A_body_that_the_server_finds_malformed_is_refused()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.HangAsync();
        });
        await using var gateway = await StartAsync(backend);
        var body = new Pipe();
        var server = new Server("/", body.Reader);

        var serving = server.ServeAsync(gateway);
        await backend.WaitForRequestsAsync(1);
        await body.Writer.CompleteAsync(new BadHttpRequestException("a chunk size"));
        await serving.WaitAsync(RawBackend.WaitTimeout);

        Assert.Equal((400, false), (server.Context.Response.StatusCode, server.IsAborted));
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "400")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_breaks_off_for_the_client()
    {
        await using var backend = RawBackend.Start(RawScripts.Exactly("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf"));
        await using var gateway = await StartAsync(backend);
        var server = new Server("/");

        await server.ServeAsync(gateway);

        Assert.True(server.IsAborted);
    }

    private static Task<TestGateway> StartAsync(RawBackend backend) =>
        TestGateway.StartAsync([backend.Address], settings: settings => settings with { HttpEngine = HttpEngine.Loops });

    /// <summary>A server with one request.</summary>
    private sealed class Server : IHttpRequestLifetimeFeature, IHttpRequestBodyDetectionFeature, IRequestBodyPipeFeature
    {
        private readonly RequestRelay _relay = new();
        private readonly PipeReader? _body;

        public Server(string target, PipeReader? body = null)
        {
            _body = body;
            var features = new FeatureCollection();
            features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = body is null ? "GET" : "POST", RawTarget = target, Protocol = HttpProtocol.Http2, Scheme = "http" });
            features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
            features.Set<IHttpRequestLifetimeFeature>(this);
            features.Set<IHttpRequestBodyDetectionFeature>(this);
            features.Set<IRequestBodyPipeFeature>(this);
            _relay.Context.Initialize(features);
            _relay.Context.Request.Headers.Host = "x";
        }

        public HttpContext Context => _relay.Context;

        public bool IsAborted { get; private set; }

        public bool CanHaveBody => _body is not null;

        public PipeReader Reader => _body!;

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;

        public Task ServeAsync(TestGateway gateway) =>
            ServeAsync(new Conversations(gateway.Services.GetRequiredService<EngineIngress>(), new DefaultConnectionContext()), gateway.State);

        private async Task ServeAsync(Conversations conversations, GatewayState state)
        {
            _relay.Context.Features.Set(conversations);
            await _relay.ServeAsync(state).WaitAsync(RawBackend.WaitTimeout);
            conversations.End();
        }
    }
}
