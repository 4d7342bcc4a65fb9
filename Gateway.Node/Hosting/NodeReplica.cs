using System.Collections.Immutable;
using Gateway.Actors.Inspection;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Explaining;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Binding;
using Gateway.Node.State;
using Gateway.Node.Tls;

namespace Gateway.Node.Hosting;

/// <summary>This process, as seen by inspection.</summary>
internal sealed class NodeReplica(
    GatewaySettings settings, GatewayState state, LoopChoice loops, IReplicaTraffic traffic, CertificateStore certificates, TimeProvider clock) : IReplica
{
    public string GatewayId => settings.GatewayId;

    public string? Zone => settings.Zone;

    public string Version => ProductVersion.Text;

    public string EventLoop => loops.Name;

    public DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

    private GatewaySettings InForce => state.Configured?.Settings ?? settings;

    public ReplicaPhase Phase => state switch
    {
        { Draining: true } => ReplicaPhase.Draining,
        { Ready: true } => ReplicaPhase.Ready,
        _ => ReplicaPhase.Starting,
    };

    public IReadOnlyList<Pool> Pools =>
        state.Configured is { } routing ? [.. routing.Pools.Values.OrderBy(p => p.Name, StringComparer.Ordinal)] : [];

    public ImmutableArray<RouteReport> Routes => InForce.Routes.IsEmpty
        ? [new(PoolSettings.DefaultName, [], "/*", [], [], [], PoolSettings.DefaultName, [])]
        : [.. InForce.Routes.Select(ReportOf)];

    public ImmutableArray<CertificateReport> Certificates
    {
        get
        {
            var now = clock.GetUtcNow();
            return [.. certificates.Current.Slots.Select(slot => slot.ReportAt(now))];
        }
    }

    public RouteExplanation Explain(string method, string url, ImmutableArray<string> fields, string client) =>
        state.Configured is { } routing
            ? RouteExplainer.Explain(routing, method, url, fields, client)
            : new RouteExplanation.NoRequest("the pools are not configured yet");

    public string Configuration => SettingsDocument.Of(InForce);

    public IReplicaTraffic Traffic => traffic;

    private static RouteReport ReportOf(RouteSettings route) => new(
        route.Name, route.Hosts, RoutePath.Of(route).ToString(), route.Methods, [.. route.Headers.Select(h => h.ToString())],
        [.. route.Query.Select(q => q.ToString())], route.Split is { } split ? string.Join(", ", split.Pools.Select(s => $"{s.Pool} {s.Weight}")) : route.Pool,
        [.. route.Planes.Select(HttpcgPlanes.TextOf)]);
}
