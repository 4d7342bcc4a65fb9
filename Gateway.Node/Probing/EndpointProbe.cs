using System.Net.Sockets;
using Gateway.Actors.Surroundings;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Upstream;

namespace Gateway.Node.Probing;

/// <summary>Sends probes over the network, each on its own connection. Any error is the probe's result.</summary>
internal sealed class EndpointProbe : IProbe, IDisposable
{
    private readonly TimeProvider _clock;
    private readonly HttpProbe _http;
    private readonly GrpcProbe _grpc;

    public EndpointProbe(BackendTls tls, TimeProvider clock)
    {
        var connector = new ProbeConnector(tls, clock);
        (_clock, _http, _grpc) = (clock, new(connector), new(connector));
    }

    public async Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken stopping)
    {
        var begun = _clock.GetTimestamp();
        using var limit = new CancellationTokenSource(target.Spec.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            var finding = await FindAsync(target, either.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var took = _clock.GetElapsedTime(begun);
            return finding.Fault is { } fault
                ? ProbeResult.Fail(took, finding.Reason, fault)
                : ProbeResult.Pass(took, finding.Degraded);
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Fail(_clock.GetElapsedTime(begun), FailureReason.Timeout, $"no result within {target.Spec.Timeout.TotalSeconds} s");
        }
        catch (Exception error) when (OpenFileLimit.IsCauseOf(error is Grpc.Core.RpcException { Status.DebugException: var cause } ? cause : error))
        {
            return ProbeResult.NotSent(error.Message);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException or TimeoutException or Grpc.Core.RpcException)
        {
            return ProbeResult.Fail(_clock.GetElapsedTime(begun), ReasonOf(error), error.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<Finding> FindAsync(ProbeTarget target, CancellationToken cancellation) => target.Spec.Kind switch
    {
        ProbeKind.Http => _http.RunAsync(target, cancellation),
        ProbeKind.Tcp => ConnectAsync(target, cancellation),
        ProbeKind.Grpc => _grpc.RunAsync(target, cancellation),
        _ => throw new ArgumentException($"a probe of kind {target.Spec.Kind} cannot be carried out", nameof(target)),
    };

    private static async Task<Finding> ConnectAsync(ProbeTarget target, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target.Address.Host.Trim('[', ']'), target.Address.Port, cancellation);
            if (ProbeConnector.GreetingOf(target.Spec) is { } greeting)
            {
                await socket.SendAsync(greeting, cancellation);
            }
        }
        catch (SocketException)
        {
            OpenFileLimit.ThrowIfReached(); // The resolver may have had no descriptor.
            throw;
        }

        return Finding.Pass;
    }

    private static FailureReason ReasonOf(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => FailureReason.Tls,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } => FailureReason.Malformed,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or IOException => FailureReason.Reset,
        Grpc.Core.RpcException => FailureReason.Status,
        _ => FailureReason.Connect,
    };
}

/// <summary>The observation of a probe, before it is timed.</summary>
/// <param name="Fault">The failure; null: it passed.</param>
internal readonly record struct Finding(string? Fault, FailureReason Reason = FailureReason.None, bool Degraded = false)
{
    public static Finding Pass => default;
}
