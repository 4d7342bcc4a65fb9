using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using BodyKind = Gateway.Http.BodyKind;
using BodyReader = Gateway.Http.BodyReader;
using HttpFault = Gateway.Http.HttpFault;

namespace Gateway.Upstream.Http2;

/// <summary>
/// A request's body, stripped of its HTTP/1.1 framing and sent while the answer is awaited. Each part is consumed once sent, so the writer is slowed to the
/// backend's pace. If the endpoint stops accepting it, it waits until the head of the answer is known, or none will come:
/// otherwise the HTTP client would report the broken upload, and not its cause.
/// </summary>
/// <param name="input">The client's data, from the body's first byte.</param>
[SuppressMessage("Usage", "CA2213", Justification = "It is stopped after its request is disposed of; the source has nothing to dispose of.")]
internal sealed class StreamUpload(PipeReader input, BodyReader framing) : HttpContent
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BodyReader _framing = framing;
    private volatile bool _begun;

    /// <summary>Reports that the answer's head has come, or none will.</summary>
    public void HeadKnown() => _known.TrySetResult();

    /// <summary>Stops it: after this returns, nothing reads the client's body.</summary>
    public async ValueTask StopAsync()
    {
        HeadKnown();
        await _stop.CancelAsync();
        if (_begun)
        {
            await _ended.Task;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _begun = true;
        var broken = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        try
        {
            await SendAsync(stream);
        }
        catch
        {
            await _known.Task;
            throw;
        }
        finally
        {
            await broken.DisposeAsync();
            _ended.TrySetResult();
        }
    }

    private async Task SendAsync(Stream stream)
    {
        for (var isFirst = true; !_framing.IsDone; isFirst = false)
        {
            var reading = input.ReadAsync(_stop.Token).AsTask();
            if (isFirst && !reading.IsCompleted)
            {
                await FlushHeadAsync(stream, reading);
            }

            var read = await reading;
            foreach (var stretch in read.Buffer)
            {
                await WriteAsync(stream, stretch);
            }

            await stream.FlushAsync(_stop.Token);
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted && !_framing.IsDone)
            {
                throw new EndOfStreamException("the request ended before its body did");
            }
        }
    }

    private async ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty && !_framing.IsDone)
        {
            var taken = Take(bytes.Span, out var payload);
            if (_framing.Fault != HttpFault.None)
            {
                throw new InvalidDataException("the request's body does not match its framing");
            }

            if (payload > 0)
            {
                await stream.WriteAsync(bytes[..payload], _stop.Token);
            }

            bytes = bytes[taken..];
        }
    }

    /// <summary>Takes one step and returns the number of bytes taken: <paramref name="payload"/> bytes of payload, or framing.</summary>
    private int Take(ReadOnlySpan<byte> bytes, out int payload)
    {
        payload = 0;
        if (_framing.Kind != BodyKind.Chunked)
        {
            return payload = _framing.Take(bytes);
        }

        if (_framing.IsAtTrailers)
        {
            return _framing.TakeTrailers(bytes);
        }

        var taken = _framing.TakeChunk(bytes, out var stretch);
        payload = stretch.Length;
        return taken;
    }

    /// <summary>Flushes the head while the client is slow or waits for the endpoint to speak first.</summary>
    private async Task FlushHeadAsync(Stream stream, Task<ReadResult> reading)
    {
        try
        {
            await stream.FlushAsync(_stop.Token);
        }
        catch
        {
            await _stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
