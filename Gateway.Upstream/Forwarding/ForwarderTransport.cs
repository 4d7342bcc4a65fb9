using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Upstream.Forwarding;

/// <summary>The transport over YARP's forwarder and .NET's HTTP client: one client for each endpoint, made at its first use.</summary>
public sealed class ForwarderTransport(IHttpForwarder forwarder, BackendTls tls, TimeProvider clock) : ITransport, IConnectionCounts, IDisposable
{
    private readonly ConcurrentDictionary<EndpointCell, ForwarderUpstream> _upstreams = new();
    private readonly ConditionalWeakTable<EndpointCell, ConnectionCount> _counts = [];
    private readonly ConditionalWeakTable<EndpointCell, object> _retired = [];

    public async ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint)
    {
        var context = exchange.Context;
        var upstream = Enter(endpoint, exchange.Pool.Connections);
        using var attempt = new ForwarderAttempt(exchange, clock);
        var connection = ConnectionInUse.Watch();
        try
        {
            context.Features.Set<IForwarderErrorFeature>(null);
            var error = await forwarder.SendAsync(
                context,
                upstream.Address.Canonical,
                upstream.Invoker,
                ConfigOf(exchange.Pool),
                new FieldTransformer(attempt, upstream.Address, connection),
                attempt.Token);
            var report = attempt.Report(error, context.Features.Get<IForwarderErrorFeature>()?.Exception);
            if (!context.Response.HasStarted && report.End is not (AttemptEnd.Answered or AttemptEnd.BodyAbandoned))
            {
                context.Response.Clear();
            }

            return report;
        }
        finally
        {
            upstream.Exit();
        }
    }

    /// <summary>.NET's HTTP client has a line of its own, but none that ends in time or that tells of itself.</summary>
    public bool CanQueue(Exchange exchange) => false;

    public ConnectionReading Read(EndpointCell endpoint) =>
        _counts.TryGetValue(endpoint, out var count) ? new(count.Open, count.Created) : default;

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done. For an endpoint that left its pool.</summary>
    public void Retire(EndpointCell endpoint)
    {
        _retired.AddOrUpdate(endpoint, endpoint);
        if (_upstreams.TryRemove(endpoint, out var upstream))
        {
            upstream.Exit();
        }
    }

    public void Dispose()
    {
        foreach (var endpoint in _upstreams.Keys)
        {
            Retire(endpoint);
        }
    }

    private ForwarderUpstream Enter(EndpointCell endpoint, ConnectionPolicy policy)
    {
        while (true)
        {
            if (_upstreams.TryGetValue(endpoint, out var upstream) && upstream.Policy == policy && upstream.TryEnter())
            {
                return upstream;
            }

            var fresh = new ForwarderUpstream(endpoint.Id.Address, policy, _counts.GetValue(endpoint, _ => new()), tls, clock);
            if (_retired.TryGetValue(endpoint, out _))
            {
                return fresh; // Picked just before it left: a client for this one attempt, which is its only user.
            }

            if (upstream is null ? _upstreams.TryAdd(endpoint, fresh) : _upstreams.TryUpdate(endpoint, fresh, upstream))
            {
                upstream?.Exit();
                if (_retired.TryGetValue(endpoint, out _))
                {
                    Retire(endpoint); // It left after the look above, and too early for this client to be found.
                }
            }
            else
            {
                fresh.Exit();
            }
        }
    }

    private static ForwarderRequestConfig ConfigOf(PoolSettings pool) => new()
    {
        ActivityTimeout = pool.Timeouts.Idle,
        Version = pool.Connections.Protocol == BackendProtocol.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
