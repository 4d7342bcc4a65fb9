using Gateway.Actors.Surroundings;
using Gateway.Core.Connecting;
using Gateway.Core.Outcomes;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Gateway.Node.Probing;

/// <summary>Queries the standard gRPC health service, over HTTP/2 (in clear text with prior knowledge).</summary>
internal sealed class GrpcProbe(ProbeConnector connector)
{
    public async Task<Finding> RunAsync(ProbeTarget target, CancellationToken cancellation)
    {
        var http2 = target with { Spec = target.Spec with { Protocol = BackendProtocol.Http2 } };
        using var channel = GrpcChannel.ForAddress(target.Address.Canonical, new GrpcChannelOptions
        {
            // A handler per probe, since each has its own connection.
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = (_, stopping) => connector.ConnectAsync(http2, stopping),
                UseProxy = false,
                ActivityHeadersPropagator = null,
            },
            DisposeHttpClient = true,
        });
        var answer = await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest { Service = target.Spec.Service }, cancellationToken: cancellation);
        return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
            ? Finding.Pass
            : new($"the health service reports {answer.Status}", FailureReason.Status);
    }
}
