using System.Net;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Page;

/// <summary>A site behind the gateway in Chromium: HTTP/2 over TLS, uploads, server-sent events and WebSockets on streams of the same connection.</summary>
public sealed class ChromiumClientTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const string Script =
        """
        async () => {
          const echoed = await (await fetch('/echo', { method: 'POST', body: 'b'.repeat(200000) })).text();
          const events = await new Promise((done, failed) => {
            const source = new EventSource('/events'), got = [];
            source.onmessage = (event) => { got.push(event.data); if (got.length === 3) { source.close(); done(got.join()); } };
            source.onerror = failed;
          });
          const message = await new Promise((done, failed) => {
            const socket = new WebSocket(`wss://${location.host}/socket`);
            socket.onopen = () => socket.send('m'.repeat(100000));
            socket.onmessage = (event) => { done(event.data.length); socket.close(); };
            socket.onerror = failed;
          });
          return { protocol: performance.getEntriesByType('navigation')[0].nextHopProtocol, echoed: echoed.length, events, message };
        }
        """;

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [BrowserFact]
    public async Task A_page_its_uploads_events_and_sockets_pass()
    {
        await using var backend = await KestrelBackend.StartAsync(AnswerAsync, middleware: app => app.UseWebSockets());
        var file = _certificates.FileFor("127.0.0.1");
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: own => own with { Tls = new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)] } });

        var answer = await browser.AskAsync<JsonElement>(gateway.TlsAddress, Script);

        Assert.Equal("h2", answer.GetProperty("protocol").GetString());
        Assert.Equal((200_000, "1,2,3", 100_000), (answer.GetProperty("echoed").GetInt32(), answer.GetProperty("events").GetString(), answer.GetProperty("message").GetInt32()));
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/socket":
                await EchoBackend.AnswerAsync(context);
                break;
            case "/echo":
                await context.Request.Body.CopyToAsync(context.Response.Body);
                break;
            case "/events":
                context.Response.ContentType = "text/event-stream";
                foreach (var i in (int[])[1, 2, 3])
                {
                    await context.Response.WriteAsync($"data: {i}\n\n");
                    await context.Response.Body.FlushAsync();
                }

                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<!doctype html><title>site</title>");
                break;
        }
    }
}
