using System.IO.Pipelines;
using System.Text;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>The other end of a channel's pipes. Completions run immediately, on the thread that causes them.</summary>
internal sealed class FarEnd
{
    /// <summary>The bytes that the channel may be ahead of this end's reading.</summary>
    public const int MaxAhead = 1024;

    private static readonly PipeOptions Options = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: MaxAhead, resumeWriterThreshold: MaxAhead / 2,
        useSynchronizationContext: false);

    private readonly Pipe _toChannel = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _fromChannel = new(Options);
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PipeWriter Output => _toChannel.Writer;

    public PipeReader Input => _fromChannel.Reader;

    public PipeConnection NearEnd => new(new Ends(_toChannel.Reader, _fromChannel.Writer), _closed.SetResult);

    /// <summary>Whether the channel closed and reported that not everything was sent.</summary>
    public Task<bool> Closed => _closed.Task.WaitAsync(RunningLoop.Limit);

    /// <summary>Waits until the channel stops reading.</summary>
    public Task WriterEnded => UntilReaderEndsAsync().WaitAsync(RunningLoop.Limit);

    public async Task WriteAsync(string text) => await Output.WriteAsync(Encoding.ASCII.GetBytes(text));

    public Task<ReadResult> ReadAsync() => Input.ReadAsync().AsTask().WaitAsync(RunningLoop.Limit);

    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new MemoryStream();
        while (true)
        {
            var read = await ReadAsync();
            foreach (var part in read.Buffer)
            {
                all.Write(part.Span);
            }

            Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return all.ToArray();
            }
        }
    }

    private async Task UntilReaderEndsAsync()
    {
        while (!(await Output.FlushAsync()).IsCompleted)
        {
            await Task.Yield();
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
