using System.IO.Pipelines;
using Gateway.Upstream;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>A TLS session with a backend, as pipes.</summary>
internal sealed record TlsConnection : PipeConnection
{
    /// <summary>The largest record, so that each is read in one piece.</summary>
    private const int BufferSize = 16 * 1024;

    /// <summary>The time limit for sending close_notify to a backend that reads nothing.</summary>
    private static readonly TimeSpan CloseNotifyTimeout = TimeSpan.FromSeconds(1);

    private readonly SecureStream _session;

    private TlsConnection(SecureStream session, TimeProvider clock)
        : base(PipesOf(session), isCut => End(session, clock, isCut)) => _session = session;

    public override bool IsCutShort => _session.IsCutShort;

    /// <summary>Opens a connection; runs off the loop. Throws the same as <see cref="BackendConnector"/>.</summary>
    public static async Task<PipeConnection> ConnectAsync(BackendConnector connector, TimeProvider clock, CancellationToken cancellation) =>
        new TlsConnection((SecureStream)await connector.ConnectAsync(cancellation), clock);

    public override void EndSending() => _ = ShutDownAsync(_session);

    private static void End(SecureStream session, TimeProvider clock, bool isCut)
    {
        if (isCut)
        {
            session.Reset();
        }
        else
        {
            _ = EndAsync(session, clock);
        }
    }

    private static async Task EndAsync(SecureStream session, TimeProvider clock)
    {
        await ShutDownAsync(session).WaitAsync(CloseNotifyTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.DisposeAsync();
    }

    /// <summary>Sends close_notify, unless it was sent or the connection is broken.</summary>
    private static async Task ShutDownAsync(SecureStream session)
    {
        try
        {
            await session.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The peer is gone.
        }
    }

    /// <summary>Creates the pipes. They hold no buffer while idle: reads first wait for the connection to be readable.</summary>
    private static Pipes PipesOf(SecureStream session) => new(
        PipeReader.Create(session, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true, useZeroByteReads: true)),
        PipeWriter.Create(session, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true)));

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
