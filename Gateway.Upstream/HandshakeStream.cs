using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.Upstream;

/// <summary>
/// The stream beneath a TLS session. During the handshake, received data is processed on a thread other than the event loop's:
/// key exchange and certificate checks take milliseconds, and the first use of the system's roots reads files.
/// </summary>
internal sealed class HandshakeStream(NetworkStream socket) : Stream
{
    private bool _established;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether the peer has ended the connection.</summary>
    public bool HasEnded { get; private set; }

    public void EndHandshake() => _established = true;

    /// <summary>Closes the socket with a reset.</summary>
    public void Reset() => socket.Socket.Close(0);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = socket.ReadAsync(buffer, cancellationToken);
        var read = await (_established ? reading : YieldAsync(reading));
        HasEnded |= read == 0 && !buffer.IsEmpty;
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocking reads are not supported");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocking writes are not supported");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }

    private static async ValueTask<int> YieldAsync(ValueTask<int> reading) =>
        await reading.AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
