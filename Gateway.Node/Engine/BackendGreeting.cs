using System.Net;
using Gateway.Core.Connecting;
using Gateway.Http;
using Gateway.Node.Settings;
using Gateway.Upstream;

namespace Gateway.Node.Engine;

/// <summary>The first bytes on a connection to a backend whose pool uses the PROXY protocol.</summary>
internal static class BackendGreeting
{
    /// <summary>The header that names the client of a request; null if the pool does not use one.</summary>
    public static byte[]? Of(ConnectionPolicy policy, ClientAddress address, RequestHead request, ReadOnlySpan<byte> head, GatewaySettings settings)
    {
        if (policy.ProxyProtocol == BackendProxyProtocol.Off)
        {
            return null;
        }

        var client = address.ClientOf(request, head, settings.TrustedProxies);
        var port = ReferenceEquals(client, address.Peer) ? address.Port : 0; // The port of a forwarded client is unknown.
        return ProxyHeaderWriter.For(policy.ProxyProtocol == BackendProxyProtocol.V2, new(client, port), ListenerOf(address, settings));
    }

    /// <summary>The configured address of the listener that the client connected to.</summary>
    private static IPEndPoint ListenerOf(ClientAddress address, GatewaySettings settings) =>
        address.AcceptsHttpcgTargets && settings.HttpcgAddress is { } httpcg ? httpcg
        : address.Tls is not null && settings.Tls is { } tls ? tls.Address
        : address.IsHttp2 && settings.Http2Address is { } http2 ? http2
        : settings.ListenAddress;
}
