using System.Diagnostics;
using Gateway.Node.Metrics;

namespace Gateway.Node.Hosting;

/// <summary>Counts the requests that Kestrel refuses by itself: they never reach the proxy, and show only as a diagnostic event.</summary>
internal sealed class BadRequestObserver : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private readonly GatewayMetrics _metrics;

    private BadRequestObserver(GatewayMetrics metrics) => _metrics = metrics;

    public static IDisposable Subscribe(IServiceProvider server, GatewayMetrics metrics) =>
        server.GetRequiredService<DiagnosticListener>().Subscribe(new BadRequestObserver(metrics), static name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == Event)
        {
            _metrics.RequestMalformed("kestrel"); // Which says why in words alone.
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
