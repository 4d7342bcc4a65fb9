using System.Diagnostics;
using System.Net;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.Recording;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Hosting;

/// <summary>Counts and records the requests that Kestrel refuses by itself: they never reach the proxy, and appear only as a diagnostic event.</summary>
internal sealed class BadRequestObserver : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Kestrel states the reason only in words.</summary>
    private const string Reason = "kestrel";

    private readonly Lock _gate = new();
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly AccessLane? _lane;

    private BadRequestObserver(GatewayMetrics metrics, EngineIngress engine) =>
        (_metrics, _clock, _lane) = (metrics, engine.Clock, engine.Access?.AddLane());

    public static IDisposable Subscribe(IServiceProvider server, GatewayMetrics metrics, EngineIngress engine) =>
        server.GetRequiredService<DiagnosticListener>().Subscribe(new BadRequestObserver(metrics, engine), static name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != Event)
        {
            return;
        }

        _metrics.RequestMalformed(Reason);
        if (_lane is not null && value.Value is IFeatureCollection features)
        {
            lock (_gate)
            {
                Record(_lane, features);
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void Record(AccessLane lane, IFeatureCollection features)
    {
        var status = features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error ? error.StatusCode : StatusCodes.Status400BadRequest;
        var now = _clock.GetTimestamp();
        var record = lane.Rent();
        record.Begin(now, features.Get<IHttpConnectionFeature>()?.RemoteIpAddress ?? IPAddress.None, "http", null);
        record.Refused(status, Reason);
        record.Over(status, 0, 0, now);
        lane.End(record, RequestRandom.NextUnit());
    }
}
