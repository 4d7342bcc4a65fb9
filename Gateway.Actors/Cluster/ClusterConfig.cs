using System.Globalization;
using Akka.Configuration;
using Gateway.Actors.Cluster.Options;

namespace Gateway.Actors.Cluster;

/// <summary>Akka's settings for this replica: its address, roles and timings, which override <c>hocon/cluster.hocon</c>.</summary>
internal static class ClusterConfig
{
    public const string GatewayRole = "gateway";
    public const string SidecarRole = "sidecar";

    /// <summary>The prefix of the role that carries a member's zone, since Akka has no zones.</summary>
    public const string ZoneRolePrefix = "zone-";

    private static readonly Config Fixed = EmbeddedHocon.Read("cluster.hocon");

    /// <param name="bind">The local address to listen on.</param>
    /// <param name="port">The port to listen on; 0 for any.</param>
    public static Config Of(ClusterOptions options, string bind, int port)
    {
        var (host, times) = (options.Address!.Value.Host, options.Times);
        return ConfigurationFactory.ParseString($$"""
            akka {
              remote.dot-netty.tcp {
                hostname = "{{bind}}"
                port = {{port}}
                public-hostname = "{{host}}"
                public-port = {{port}}
                enable-ssl = {{(options.Tls is null ? "off" : "on")}}
              }
              cluster {
                app-version = "{{options.Version}}"
                roles = [{{string.Join(", ", RolesOf(options).Select(role => $"\"{role}\""))}}]
                gossip-interval = {{Duration(times.Gossip)}}
                leader-actions-interval = {{Duration(times.LeaderActions)}}
                unreachable-nodes-reaper-interval = {{Duration(times.Gossip)}}
                periodic-tasks-initial-delay = {{Duration(times.Gossip)}}
                failure-detector {
                  heartbeat-interval = {{Duration(times.Heartbeat)}}
                  expected-response-after = {{Duration(times.Heartbeat)}}
                  acceptable-heartbeat-pause = {{Duration(times.HeartbeatPause)}}
                }
                split-brain-resolver.stable-after = {{Duration(times.StableAfter)}}
              }
            }
            {{options.ExtraHocon}}
            """).WithFallback(Fixed);
    }

    /// <summary>Reads the zone and kind from a member's roles.</summary>
    public static (string? Zone, bool Sidecar) Read(IEnumerable<string> roles)
    {
        string? zone = null;
        var sidecar = false;
        foreach (var role in roles)
        {
            sidecar |= role == SidecarRole;
            zone = role.StartsWith(ZoneRolePrefix, StringComparison.Ordinal) ? role[ZoneRolePrefix.Length..] : zone;
        }

        return (zone, sidecar);
    }

    private static IEnumerable<string> RolesOf(ClusterOptions options)
    {
        yield return options.Sidecar ? SidecarRole : GatewayRole;
        if (options.Zone is { } zone)
        {
            yield return ZoneRolePrefix + zone;
        }
    }

    private static string Duration(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
}
