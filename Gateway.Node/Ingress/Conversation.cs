using System.IO.Pipelines;
using Gateway.Wire;

namespace Gateway.Node.Ingress;

/// <summary>
/// A connection to the engine within the process: one pipe each way, both bounded. The engine gets <see cref="EngineSide"/> and treats it like any client's
/// connection; <see cref="Output"/> and <see cref="Input"/> are the client's side. It serves one request after another.
/// </summary>
internal sealed class Conversation
{
    /// <summary>The bytes that one side may be ahead of the other, each way.</summary>
    private const int MaxAhead = 64 * 1024;

    private const int SegmentSize = 16 * 1024;

    /// <summary>The engine only notes events and continues by itself; the client's side must not run on the engine's thread.</summary>
    private static readonly PipeOptions Requests = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: MaxAhead, resumeWriterThreshold: MaxAhead / 2,
        minimumSegmentSize: SegmentSize, useSynchronizationContext: false);

    private static readonly PipeOptions Answers = new(
        readerScheduler: PipeScheduler.ThreadPool, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: MaxAhead, resumeWriterThreshold: MaxAhead / 2,
        minimumSegmentSize: SegmentSize, useSynchronizationContext: false);

    private readonly Pipe _requests = new(Requests);
    private readonly Pipe _answers = new(Answers);
    private volatile bool _hasEnded;

    /// <summary>The writer of the request.</summary>
    public PipeWriter Output => _requests.Writer;

    /// <summary>The reader of the answer.</summary>
    public PipeReader Input => _answers.Reader;

    /// <summary>Whether the engine has ended it.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The engine's end of it.</summary>
    public PipeConnection EngineSide => new(new Ends(_requests.Reader, _answers.Writer), OnEnded);

    /// <summary>Wakes any wait for the engine. Thread-safe.</summary>
    public void Interrupt()
    {
        Output.CancelPendingFlush();
        Input.CancelPendingRead();
    }

    /// <summary>Ends it.</summary>
    /// <param name="isWhole">Whether request and answer are complete; otherwise the engine sees a reset.</param>
    public void End(bool isWhole)
    {
        Output.Complete(isWhole ? null : new IOException("the client closed the connection"));
        Input.Complete();
    }

    private void OnEnded(bool isReset)
    {
        _hasEnded = true;
        Output.CancelPendingFlush();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
