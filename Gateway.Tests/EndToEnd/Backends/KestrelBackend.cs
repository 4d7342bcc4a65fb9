using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>A backend for protocols too complex to write by hand: HTTP/2, TLS.</summary>
internal sealed class KestrelBackend : IAsyncDisposable
{
    private readonly WebApplication _server;

    private KestrelBackend(WebApplication server, bool tls)
    {
        _server = server;
        var bound = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri($"{(tls ? "https" : "http")}://127.0.0.1:{new Uri(bound).Port}");
    }

    public Uri Address { get; }

    /// <param name="tls">Null: in clear text.</param>
    /// <param name="middleware">Runs before the answer; null: none.</param>
    public static async Task<KestrelBackend> StartAsync(
        RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1, HttpsConnectionAdapterOptions? tls = null, Action<IApplicationBuilder>? middleware = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MinRequestBodyDataRate = null;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (tls is not null)
                {
                    listen.UseHttps(tls);
                }
            });
        });
        var server = builder.Build();
        middleware?.Invoke(server);
        server.Run(answer);
        await server.StartAsync();
        return new(server, tls is not null);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
