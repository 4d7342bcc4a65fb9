using Gateway.Actors.Surroundings;
using Gateway.Core.Connecting;
using Gateway.Core.Health;
using Gateway.Upstream;

namespace Gateway.Node.Probing;

/// <summary>Connects for probes as for traffic: addresses in turn, TLS by the pool's settings.</summary>
internal sealed class ProbeConnector(BackendTls tls, TimeProvider clock)
{
    /// <summary>The target of a request of .NET's HTTP client, which would otherwise verify the certificate against the request's Host field.</summary>
    public static readonly HttpRequestOptionsKey<ProbeTarget> Target = new("gateway.probe");

    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        context.InitialRequestMessage.Options.TryGetValue(Target, out var target)
            ? ConnectAsync(target, cancellation)
            : throw new InvalidOperationException("the request does not belong to a probe");

    public ValueTask<Stream> ConnectAsync(ProbeTarget target, CancellationToken cancellation)
    {
        var (address, spec) = (target.Address, target.Spec);
        return new BackendConnector(address, spec.Timeout, clock, tls.For(address, spec.Tls, spec.Protocol), greeting: GreetingOf(spec)).ConnectAsync(cancellation);
    }

    /// <summary>The first bytes of a probe's connection: a PROXY protocol header that names no client; null: none.</summary>
    public static byte[]? GreetingOf(ProbeSpec spec) =>
        spec.ProxyProtocol == BackendProxyProtocol.Off ? null : ProxyHeaderWriter.Local(spec.ProxyProtocol == BackendProxyProtocol.V2);
}
