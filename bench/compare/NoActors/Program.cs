// no-actors ADDRESS BACKEND...: the gateway's data path with a fixed round robin: no actor system, no probes, no admin API, no metrics.
// The difference to the gateway is the cost of the actors. With ALLOCATIONS=SECONDS in the environment it prints the requests' allocations by type at that
// interval, while under load.
using System.Collections.Immutable;
using System.Net;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.NoActors;
using Gateway.Node.Engine;
using Gateway.Node.Engine.Http2;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.State;
using Gateway.Node.Tls;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Microsoft.Extensions.Logging.Abstractions;

InlineScheduling.Prefer();
var clock = TimeProvider.System;
var endpoints = args[1..].Select(text => EndpointAddress.TryParse($"http://{text}", out var address, out var fault)
    ? new EndpointSettings(address)
    : throw new ArgumentException($"{text}: {fault}"));
var poolSettings = new PoolSettings { Name = PoolSettings.DefaultName, Endpoints = [.. endpoints] };
var settings = new GatewaySettings { GatewayId = "no-actors", ListenAddress = IPEndPoint.Parse(args[0]), Pools = [poolSettings] };

var tls = new BackendTls();
using var http2 = new Http2Pools(tls, clock, RequestRandom.NextUnit);
var connections = new ConnectionCounts();
var metrics = new GatewayMetrics(connections, clock);
var alone = new ClusterOptions { GatewayId = settings.GatewayId };
var state = new GatewayState(clock, alone, new ClusterViews(alone), new EvidenceLedger(), new OverridesHolder(), new Vitals());
var pool = new Pool(poolSettings);
var cells = poolSettings.Endpoints.Select(e => new EndpointCell(new(pool.Name, e.Address), poolSettings.Breaker, poolSettings.Connections.Max));
pool.Publish(poolSettings, poolSettings, [.. poolSettings.Endpoints.Zip(cells, (endpoint, cell) => new PoolMember(new(cell), endpoint))], view: null, now: TimeSpan.Zero);
state.Publish(new(settings, new RouteTable<Pool>([], _ => pool), ImmutableDictionary<string, Pool>.Empty.Add(pool.Name, pool)));

using var engine = new EngineIngress(settings, state, metrics, new(connections, http2, tls), Http2Clients.Of, clock, NullLoggerFactory.Instance);
var certificates = new CertificateStore(metrics, clock, NullLogger<CertificateStore>.Instance);
await using var ingress = new IngressService(
    settings, state, engine, LoopChoice.Of(settings, LoopProbe.OfSystem.FaultOf), metrics, certificates, NullLoggerFactory.Instance);
await ingress.StartAsync(CancellationToken.None);
if (!int.TryParse(Environment.GetEnvironmentVariable("ALLOCATIONS"), out var seconds))
{
    await Task.Delay(Timeout.Infinite);
}

using var samples = new AllocationSamples();
while (true)
{
    await Task.Delay(TimeSpan.FromSeconds(seconds));
    Console.WriteLine($"--- {seconds} s");
    samples.Print(Console.Out);
}
