using Gateway.Actors.Probing;
using Gateway.Upstream;

namespace Gateway.Node.Probing;

/// <summary>Connects for probes as for traffic: addresses in turn, TLS by the pool's settings.</summary>
internal sealed class ProbeConnector(BackendTls tls, TimeProvider clock)
{
    /// <summary>What a request of .NET's HTTP client probes: the client would have its certificate be for the request's Host field.</summary>
    public static readonly HttpRequestOptionsKey<ProbeTarget> Target = new("gateway.probe");

    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        context.InitialRequestMessage.Options.TryGetValue(Target, out var target)
            ? ConnectAsync(target, cancellation)
            : throw new InvalidOperationException("the request belongs to no probe");

    public ValueTask<Stream> ConnectAsync(ProbeTarget target, CancellationToken cancellation)
    {
        var (address, spec) = (target.Address, target.Spec);
        return new BackendConnector(address, spec.Timeout, clock, tls.For(address, spec.Tls, spec.Protocol)).ConnectAsync(cancellation);
    }
}
