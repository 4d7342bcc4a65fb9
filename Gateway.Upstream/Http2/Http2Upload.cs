using System.Buffers;
using System.Net;

namespace Gateway.Upstream.Http2;

/// <summary>
/// A request's body, sent while the answer is awaited, and each piece at once. Where the endpoint no longer takes it, it waits until the attempt
/// knows what the answer is or why there is none: the HTTP client would otherwise tell of the broken upload, and not of what broke it.
/// </summary>
internal sealed class Http2Upload : HttpContent
{
    private const int BufferSize = 16 * 1024;

    private readonly RequestBody _body;
    private readonly Http2Attempt _attempt;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _begun;
    private volatile bool _read;

    public Http2Upload(RequestBody body, Http2Attempt attempt) => (_body, _attempt) = (body, attempt);

    /// <summary>What the client did wrong: a status to answer with, 0 when it left; null: nothing.</summary>
    public int? ClientFault { get; private set; }

    /// <summary>Whether all of the client's body has been read.</summary>
    public bool IsRead => _read;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }

        base.Dispose(disposing);
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
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await SendAsync(stream, buffer);
            _attempt.OnSent();
        }
        catch
        {
            await _known.Task;
            throw;
        }
        finally
        {
            await broken.DisposeAsync();
            ArrayPool<byte>.Shared.Return(buffer);
            _ended.TrySetResult();
        }
    }

    private async Task SendAsync(Stream stream, byte[] buffer)
    {
        for (var first = true; ; first = false)
        {
            var reading = ReadAsync(buffer);
            if (first && !reading.IsCompleted)
            {
                await FlushHeadAsync(stream, reading);
            }

            var read = await reading;
            if (read == 0)
            {
                _read = true;
                return;
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            await stream.FlushAsync(_stop.Token);
            _attempt.OnUploaded();
        }
    }

    /// <summary>The client is slow, or waits for the endpoint to speak first: the endpoint may see the head meanwhile.</summary>
    private async Task FlushHeadAsync(Stream stream, Task<int> reading)
    {
        try
        {
            await stream.FlushAsync(_stop.Token);
        }
        catch
        {
            await _stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It still has the buffer.
            throw;
        }
    }

    private async Task<int> ReadAsync(byte[] buffer)
    {
        try
        {
            return await _body.ReadAsync(buffer, _stop.Token);
        }
        catch (Exception error) when (RequestBody.FaultOf(error) is { } fault)
        {
            ClientFault = fault;
            _attempt.Stop(fault == 0 ? StopCause.ClientGone : StopCause.ClientFault);
            throw;
        }
    }
}
