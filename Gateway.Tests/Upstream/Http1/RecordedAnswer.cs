using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>A client's answer as its server would send it: what was begun, and what went out at which flush.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A stream in memory holds nothing that is to be given back.")]
internal sealed class RecordedAnswer : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
{
    private readonly MemoryStream _sent = new();

    public RecordedAnswer() => Writer = new FlushingWriter(PipeWriter.Create(_sent, new StreamPipeWriterOptions(leaveOpen: true)), this);

    public int StatusCode { get; set; } = 200;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; } = Stream.Null;

    public bool HasStarted { get; private set; }

    public PipeWriter Writer { get; }

    public Stream Stream => Writer.AsStream();

    public CancellationToken RequestAborted { get; set; }

    /// <summary>Whether the client's connection was broken off.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>How often it was flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>The body that was flushed, one byte for each char.</summary>
    public string Sent => System.Text.Encoding.Latin1.GetString(_sent.ToArray());

    public void Abort() => IsAborted = true;

    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        HasStarted = true;
        return Task.CompletedTask;
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>As the server does when the request is over.</summary>
    public async Task CompleteAsync()
    {
        HasStarted = true;
        await Writer.CompleteAsync();
    }

    private sealed class FlushingWriter(PipeWriter inner, RecordedAnswer answer) : PipeWriter
    {
        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            answer.HasStarted = true;
            answer.Flushes++;
            return inner.FlushAsync(cancellationToken);
        }
    }
}
