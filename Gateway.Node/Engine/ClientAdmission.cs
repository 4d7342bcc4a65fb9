using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Gateway.Node.Limiting;
using Gateway.Node.Metrics;
using Gateway.Node.State;

namespace Gateway.Node.Engine;

/// <summary>
/// Admits clients' connections by address: none from denied networks, and a limited number per address. Trusted proxies, whose connections carry many clients,
/// are always admitted. Thread-safe; used by all listeners.
/// </summary>
internal sealed class ClientAdmission(GatewayState state, GatewayMetrics metrics)
{
    /// <summary>The bits of an IPv6 address that identify one client.</summary>
    private const int Ipv6Prefix = 64;

    private readonly ConcurrentDictionary<UInt128, int> _byClient = new();

    /// <summary>The number of clients with counted connections.</summary>
    public int Clients => _byClient.Count;

    /// <summary>Whether all connections are admitted.</summary>
    public bool IsOpen => state.Configured is not { } routing || (routing.Served?.Clients is null && routing.Settings.Limits.MaxConnectionsPerClient == 0);

    /// <summary>Whether a connection may stay; a refusal is counted.</summary>
    /// <param name="isCounted">Whether <see cref="Release"/> must be called when it ends.</param>
    public bool TryAdmit(IPAddress peer, out bool isCounted)
    {
        isCounted = false;
        if (IsOpen)
        {
            return true;
        }

        var routing = state.Current;
        if (IsTrusted(routing.Settings.TrustedProxies, peer))
        {
            return true;
        }

        if (routing.Served?.Clients?.Admits(peer) == false)
        {
            metrics.Limits.ConnectionRefused("denied");
            return false;
        }

        if (routing.Settings.Limits.MaxConnectionsPerClient is > 0 and var max && !(isCounted = TryCount(KeyOf(peer), max)))
        {
            metrics.Limits.ConnectionRefused("per-client");
            return false;
        }

        return true;
    }

    /// <summary>Called when a counted connection has ended.</summary>
    public void Release(IPAddress peer)
    {
        var key = KeyOf(peer);
        while (_byClient.TryGetValue(key, out var count))
        {
            if (count == 1 ? _byClient.TryRemove(new(key, count)) : _byClient.TryUpdate(key, count - 1, count))
            {
                return;
            }
        }
    }

    private static bool IsTrusted(ImmutableArray<IPNetwork> trusted, IPAddress peer) => !trusted.IsEmpty && ForwardedClient.Contains(trusted, peer);

    private static UInt128 KeyOf(IPAddress peer) =>
        peer.AddressFamily == AddressFamily.InterNetworkV6 ? NetworkSet.NumberOf(peer) >> Ipv6Prefix << Ipv6Prefix : NetworkSet.NumberOf(peer);

    private bool TryCount(UInt128 key, int max)
    {
        while (true)
        {
            if (!_byClient.TryGetValue(key, out var count))
            {
                if (_byClient.TryAdd(key, 1))
                {
                    return true;
                }
            }
            else if (count >= max)
            {
                return false;
            }
            else if (_byClient.TryUpdate(key, count + 1, count))
            {
                return true;
            }
        }
    }
}
