using System.Net;
using System.Text.Json.Nodes;
using Gateway.Core.Connecting;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.EndToEnd;

/// <summary>HTTP/2, gRPC and WebSockets with third-party clients: curl, h2load, grpc-js, ws.</summary>
public sealed class OtherClientsTests
{
    [ProgramFact("curl")]
    public async Task Curl_sends_and_gets_bodies_with_prior_knowledge()
    {
        await using var backend = await KestrelBackend.StartAsync(async context => await context.Request.Body.CopyToAsync(context.Response.Body));
        await using var gateway = await StartAsync(backend);
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(body, new string('b', 300_000));
            var (code, shown) = await ClientProgram.RunAsync(
                "curl", "-sS", "--noproxy", "*", "--http2-prior-knowledge", "--data-binary", $"@{body}", "-o", "/dev/null", "-w", "%{http_version} %{http_code} %{size_download}", gateway.Http2Address.ToString());
            Assert.Equal((0, "2 200 300000"), (code, shown));
        }
        finally
        {
            File.Delete(body);
        }
    }

    [ProgramFact("h2load")]
    public async Task Every_request_of_h2load_is_answered()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend);
        var (code, shown) = await ClientProgram.RunAsync("h2load", "-n", "3000", "-c", "10", "-m", "30", gateway.Http2Address.ToString());
        Assert.Equal(0, code);
        Assert.Contains("3000 succeeded, 0 failed, 0 errored, 0 timeout", shown, StringComparison.Ordinal);
        Assert.Contains("status codes: 3000 2xx, 0 3xx, 0 4xx, 0 5xx", shown, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Grpc_js_makes_calls_of_each_kind()
    {
        await using var backend = await KestrelBackend.StartAsync(GrpcEcho.AnswerAsync, HttpProtocols.Http2);
        await using var gateway = await StartAsync(backend, pool => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } });
        var answers = await RunAsync("grpc.js", gateway.Http2Address.Authority);
        Assert.Equal(("hello", 5, "alone", 200), ((string?)answers["unary"], (int)answers["unknown"]!, (string?)answers["client"], (int)answers["duplex"]!));
        Assert.Equal("once", (string?)Assert.Single(answers["server"]!.AsArray()));
    }

    [NodeFact]
    public async Task Messages_of_the_package_ws_come_back_whole()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var gateway = await StartAsync(backend);
        var answers = await RunAsync("ws.js", $"ws://{gateway.Address.Authority}/chat");
        Assert.Equal((4, 1, 1000), ((int)answers["equal"]!, (int)answers["pongs"]!, (int)answers["code"]!));
    }

    private static async Task<JsonNode> RunAsync(string script, string address)
    {
        var (code, shown) = await ClientProgram.RunAsync("node", Path.Combine(NodeFactAttribute.Clients(), script), address);
        Assert.True(code == 0, shown);
        return JsonNode.Parse(shown)!;
    }

    private static Task<TestGateway> StartAsync(KestrelBackend backend, Func<PoolSettings, PoolSettings>? pool = null) =>
        TestGateway.StartAsync([backend.Address], pool, settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
}
