using Gateway.Actors.Probing;
using Gateway.Core.Outcomes;
using Gateway.Upstream;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Gateway.Node.Probing;

/// <summary>Asks the standard gRPC health service, over HTTP/2 (in clear text by prior knowledge).</summary>
internal sealed class GrpcProbe : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = BackendTls.Options(),
        UseProxy = false,
        ActivityHeadersPropagator = null,
    };

    public async Task<Finding> RunAsync(ProbeTarget target, CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(
            target.Address.Canonical, new GrpcChannelOptions { HttpHandler = _handler, DisposeHttpClient = false });
        var answer = await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest { Service = target.Spec.Service }, cancellationToken: cancellation);
        return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
            ? Finding.Pass
            : new($"the service says {answer.Status}", FailureReason.Status);
    }

    public void Dispose() => _handler.Dispose();
}
