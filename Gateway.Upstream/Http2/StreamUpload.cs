using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using BodyKind = Gateway.Http.BodyKind;
using BodyReader = Gateway.Http.BodyReader;
using HttpFault = Gateway.Http.HttpFault;

namespace Gateway.Upstream.Http2;

/// <summary>
/// A request's body, taken out of its HTTP/1.1 framing and sent while the answer is awaited. Each stretch is consumed once it has been sent, so that whoever
/// writes the next one is as slow as the backend. Where the endpoint no longer takes it, it waits until the head of the answer is known, or that none will come:
/// the HTTP client would otherwise tell of the broken upload, and not of what broke it.
/// </summary>
/// <param name="input">What the client sends, from the body's first byte on.</param>
[SuppressMessage("Usage", "CA2213", Justification = "It is stopped after its request is disposed of; the source has nothing to dispose of.")]
internal sealed class StreamUpload(PipeReader input, BodyReader framing) : HttpContent
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BodyReader _framing = framing;
    private volatile bool _begun;

    /// <summary>The answer's head has come, or none will.</summary>
    public void HeadKnown() => _known.TrySetResult();

    /// <summary>Ends it: when this returns, nothing reads the client's body any more.</summary>
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
                throw new InvalidDataException("the request's body is not framed as it says");
            }

            if (payload > 0)
            {
                await stream.WriteAsync(bytes[..payload], _stop.Token);
            }

            bytes = bytes[taken..];
        }
    }

    /// <summary>Takes one step; answers how many bytes it took: payload, as many as <paramref name="payload"/> says, or framing.</summary>
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

    /// <summary>The client is slow, or waits for the endpoint to speak first: the endpoint may see the head meanwhile.</summary>
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
