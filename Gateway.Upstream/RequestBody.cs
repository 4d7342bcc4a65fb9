using System.Buffers;
using System.IO.Pipelines;
using Gateway.Core.Retrying;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstream;

/// <summary>
/// The body of a request, read once from the client, counted, and kept as far as the limit goes, so that another attempt can send it
/// from the start. Attempts read it one after another, never two at once.
/// </summary>
/// <param name="client">
/// The client's body. Read as a pipe, since that can be told to stop waiting: a read of the server's stream that is cancelled by a token
/// leaves the stream unusable, for the next attempt and for the server, which reads on to find the next request.
/// </param>
/// <param name="limit">The most that is kept, in bytes; 0 keeps nothing.</param>
/// <param name="largest">The most that the body may have, in bytes; reading beyond it throws a <see cref="BadHttpRequestException"/>, 413.</param>
/// <param name="overHttp2">It comes on a stream of HTTP/2.</param>
public sealed class RequestBody(PipeReader client, int limit, long largest = long.MaxValue, bool overHttp2 = false) : Stream
{
    private byte[] _kept = [];
    private int _keptLength;
    private int _position;
    private bool _lost;

    /// <summary>Bytes read from the client so far.</summary>
    public long BytesRead { get; private set; }

    public BodyState State => BytesRead == 0 ? BodyState.Unread : _lost ? BodyState.Lost : BodyState.Kept;

    /// <summary>What the client did wrong where a read of its body failed: a status to answer with, 0 when it left; null: nothing.</summary>
    internal static int? FaultOf(Exception error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        ConnectionResetException => 0,
        IOException => StatusCodes.Status400BadRequest, // So Kestrel says of a chunk size that no number holds.
        _ => null,
    };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes the next attempt read from the start. Not to be called when the body is lost.</summary>
    public void Rewind()
    {
        if (State == BodyState.Lost)
        {
            throw new InvalidOperationException("the start of the body is gone");
        }

        _position = 0;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _keptLength)
        {
            return ReadClientAsync(buffer, cancellationToken);
        }

        var again = Math.Min(buffer.Length, _keptLength - _position);
        _kept.AsMemory(_position, again).CopyTo(buffer);
        _position += again;
        return new(again);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("reads do not block");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> ReadClientAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        await using var stop = cancellation.UnsafeRegister(static client => Interrupt((PipeReader)client!), client);
        while (true)
        {
            var result = await ReadPipeAsync();
            if (result.IsCanceled)
            {
                client.AdvanceTo(result.Buffer.Start);
                cancellation.ThrowIfCancellationRequested();
                continue; // The end of the attempt before came when it was not reading.
            }

            var read = (int)Math.Min(buffer.Length, result.Buffer.Length);
            var some = result.Buffer.Slice(0, read);
            some.CopyTo(buffer.Span);
            client.AdvanceTo(some.End); // From here on the bytes are the pipe's again, and so are their lengths.
            if (read > 0 || buffer.IsEmpty || result.IsCompleted)
            {
                Take(buffer.Span[..read]);
                return read; // Into no room: that something has come.
            }
        }
    }

    private async ValueTask<ReadResult> ReadPipeAsync()
    {
        try
        {
            return await client.ReadAsync(CancellationToken.None);
        }
        catch (IOException reset) when (overHttp2 && reset is not BadHttpRequestException)
        {
            throw new ConnectionResetException(reset.Message, reset); // So the server says of a connection, but not of a stream.
        }
    }

    private static void Interrupt(PipeReader client)
    {
        try
        {
            client.CancelPendingRead();
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, which ends the read too; the server says it to whoever touches the body.
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        BytesRead += bytes.Length;
        if (BytesRead > largest)
        {
            throw new BadHttpRequestException("the request body is too large", StatusCodes.Status413PayloadTooLarge);
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_lost || bytes.IsEmpty)
        {
            return;
        }

        if (_keptLength + bytes.Length > limit)
        {
            (_lost, _kept, _keptLength, _position) = (true, [], 0, 0);
            return;
        }

        if (_kept.Length < _keptLength + bytes.Length)
        {
            Array.Resize(ref _kept, Math.Min(limit, Math.Max(2 * _kept.Length, _keptLength + bytes.Length)));
        }

        bytes.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += bytes.Length;
        _position = _keptLength;
    }
}
