using System.IO.Pipelines;
using Gateway.Upstream;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>A TLS session with a backend, read and written as pipes.</summary>
internal sealed record TlsConnection : PipeConnection
{
    /// <summary>The longest record, so that each is taken in one piece.</summary>
    private const int BufferSize = 16 * 1024;

    /// <summary>How long a backend that reads nothing may keep close_notify from being sent.</summary>
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(1);

    private readonly SecureStream _session;

    private TlsConnection(SecureStream session, TimeProvider clock)
        : base(PipesOf(session), isCut => End(session, clock, isCut)) => _session = session;

    public override bool IsCutShort => _session.IsCutShort;

    /// <summary>A new connection; runs off the loop. Throws what <see cref="BackendConnector"/> does.</summary>
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
        await ShutDownAsync(session).WaitAsync(LongestGoodbye, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.DisposeAsync();
    }

    /// <summary>Sends close_notify, unless it has been sent or the connection is broken.</summary>
    private static async Task ShutDownAsync(SecureStream session)
    {
        try
        {
            await session.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // There is nobody to be told.
        }
    }

    /// <summary>While nothing comes no buffer is held: reads first wait for the connection to be readable.</summary>
    private static Pipes PipesOf(SecureStream session) => new(
        PipeReader.Create(session, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true, useZeroByteReads: true)),
        PipeWriter.Create(session, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true)));

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
