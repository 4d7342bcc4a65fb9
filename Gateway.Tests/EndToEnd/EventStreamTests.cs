using System.Net;
using Gateway.Core.Connecting;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Tests.EndToEnd;

/// <summary>Server-sent events: each reaches the client before the backend sends the next.</summary>
public sealed class EventStreamTests
{
    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("1.1", HttpProtocols.Http2)]
    [InlineData("2.0", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task Nothing_is_kept_back(string client, HttpProtocols backends)
    {
        var (connected, first, second) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var backend = await KestrelBackend.StartAsync(
            async context =>
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.Body.FlushAsync();
                await connected.Task.WaitAsync(RawBackend.WaitTimeout);
                await SayAsync(context, "one");
                await first.Task.WaitAsync(RawBackend.WaitTimeout);
                await SayAsync(context, "two");
                await second.Task.WaitAsync(RawBackend.WaitTimeout);
            },
            backends);
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address],
            pool => backends == HttpProtocols.Http2 ? pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } } : pool,
            settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        var version = Version.Parse(client);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = version.Major == 2 ? gateway.Http2Address : gateway.Address, Timeout = RawBackend.WaitTimeout };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // The head arrives before the first event.
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        connected.SetResult();
        Assert.Equal("data: one", await EventAsync(events));
        first.SetResult();
        Assert.Equal("data: two", await EventAsync(events));
        second.SetResult();

        Assert.Null(await events.ReadLineAsync().WaitAsync(RawBackend.WaitTimeout));
        Assert.Equal((version, "text/event-stream"), (answer.Version, answer.Content.Headers.ContentType?.MediaType));
    }

    private static async Task SayAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync($"data: {text}\n\n");
        await context.Response.Body.FlushAsync();
    }

    private static async Task<string?> EventAsync(StreamReader events)
    {
        var line = await events.ReadLineAsync().WaitAsync(RawBackend.WaitTimeout);
        await events.ReadLineAsync().WaitAsync(RawBackend.WaitTimeout);
        return line;
    }
}
