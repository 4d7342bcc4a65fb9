using Gateway.Core.Connecting;
using Gateway.Node.Settings.Sections;

namespace Gateway.Node.Settings.Binding;

/// <summary>Creates a pool's connection policy, and checks its consistency.</summary>
internal static class ConnectionsBinder
{
    private static ConnectionPolicy Defaults => ConnectionPolicy.Default;

    public static ConnectionPolicy Bind(string pool, PoolSection section, LayeredSettings given, Faults faults)
    {
        var policy = Policy(section, given);
        if (policy is { ProxyProtocol: not BackendProxyProtocol.Off, Protocol: BackendProtocol.Http2 })
        {
            faults.Add("pools", given.Where($"pools.{pool}.proxyProtocol"),
                $"'{section.ProxyProtocol}' conflicts with protocol http2, whose connections carry requests of many clients; allowed: off, or protocol http1");
        }

        return policy;
    }

    private static ConnectionPolicy Policy(PoolSection section, LayeredSettings given) => new()
    {
        Max = section.Connections?.Max ?? Defaults.Max,
        QueueSize = section.Connections?.QueueSize ?? Defaults.QueueSize,
        QueueTimeout = section.Connections?.QueueTimeout ?? Defaults.QueueTimeout,
        IdleTimeout = section.Connections?.IdleTimeout ?? Defaults.IdleTimeout,
        MaxLifetime = section.Connections?.MaxLifetime ?? Defaults.MaxLifetime,
        ConnectTimeout = section.Connections?.ConnectTimeout ?? Defaults.ConnectTimeout,
        PingInterval = section.Connections?.PingInterval ?? Defaults.PingInterval,
        MaxAnswerFields = section.Connections?.MaxAnswerFields ?? Defaults.MaxAnswerFields,
        Protocol = section.Protocol == "http2" ? BackendProtocol.Http2 : BackendProtocol.Http1,
        ProxyProtocol = section.ProxyProtocol switch
        {
            "v1" => BackendProxyProtocol.V1,
            "v2" => BackendProxyProtocol.V2,
            _ => BackendProxyProtocol.Off,
        },
        Tls = new()
        {
            ServerName = section.Tls?.ServerName,
            Authorities = section.Tls?.Authorities is { } authorities ? given.Resolve("pools", authorities) : null,
            Certificate = section.Tls?.Certificate is { } certificate ? given.Resolve("pools", certificate) : null,
        },
    };
}
