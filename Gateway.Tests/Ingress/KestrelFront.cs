using System.Net;
using System.Text;
using Gateway.Node.Engine;
using Gateway.Node.Ingress;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Ingress;

/// <summary>Kestrel's HTTP/1.1 in front of a replica's engine: a second parser of the same bytes.</summary>
internal sealed class KestrelFront : IAsyncDisposable
{
    private readonly WebApplication _server;

    private KestrelFront(WebApplication server) => _server = server;

    public Uri Address => new(Kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private IServer Kestrel => _server.Services.GetRequiredService<IServer>();

    public static async Task<KestrelFront> StartAsync(TestGateway gateway)
    {
        var engine = gateway.Services.GetRequiredService<EngineIngress>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.AllowHostHeaderOverride = true;
            options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MaxRequestLineSize *= 2;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => ServeAsync(next, connection, engine));
            });
        });
        var front = new KestrelFront(builder.Build());
        await front.Kestrel.StartAsync(new EngineApplication(gateway.State), CancellationToken.None);
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await Kestrel.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }

    private static async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection, EngineIngress engine)
    {
        var conversations = new Conversations(engine, connection);
        connection.Features.Set(conversations);
        try
        {
            await next(connection);
        }
        finally
        {
            conversations.End();
        }
    }
}
