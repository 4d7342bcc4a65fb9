using System.IO.Pipelines;
using System.Net.Security;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.Tls;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Tls;

/// <summary>The alert for an unknown server name, to a client that reads nothing.</summary>
public sealed class UnknownNameAlertTests
{
    [Fact]
    public async Task A_client_that_does_not_take_it_is_left_after_a_while()
    {
        var clock = new FakeTimeProvider();
        var metrics = new GatewayMetrics(new ConnectionCounts(), clock);
        var certificates = new CertificateStore(metrics, clock, NullLogger<CertificateStore>.Instance);
        var handshakes = new TlsHandshakes(certificates, engine: null!, metrics, maxClients: 10, clock, NullLogger.Instance);
        var (toServer, toClient) = (new Pipe(), new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1)));
        await using var connection = new DefaultConnectionContext("one") { Transport = new Ends(toServer.Reader, toClient.Writer) };
        await using var client = new SslStream(new ClientStream(toServer.Writer.AsStream()));
        _ = client.AuthenticateAsClientAsync("unknown.example"); // Sends its hello, and waits in vain.

        var serving = handshakes.Over(_ => Task.CompletedTask)(connection);
        await Eventually.IsAsync(() => toClient.Reader.TryRead(out var alert) && Give(toClient.Reader, alert) == 7);
        Assert.False(serving.IsCompleted);
        await Eventually.IsAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return serving.IsCompleted;
        });
        await serving;
        Assert.Equal(0, metrics.Tls.Handshakes);
    }

    /// <summary>Examines the input without taking it; returns its length.</summary>
    private static long Give(PipeReader reader, ReadResult read)
    {
        reader.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        return read.Buffer.Length;
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Writes to the server, and never reads anything.</summary>
    private sealed class ClientStream(Stream to) : PassingStream(to)
    {
        private readonly Stream _to = to;
        private readonly TaskCompletionSource<int> _never = new();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            await _to.FlushAsync(cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_never.Task);
    }
}
