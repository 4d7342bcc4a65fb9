namespace Gateway.Tests.Wire.Tls;

/// <summary>Closes a client's connection after a seeded number of bytes written, in the handshake or after it.</summary>
internal sealed class BreakingOff(int seed)
{
    public Stream Over(Stream beneath) => new Breaking(beneath, 37 + (seed * 131 % 2500));

    private sealed class Breaking(Stream beneath, int most) : Stream
    {
        private int _left = most;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await beneath.WriteAsync(buffer[..Math.Min(_left, buffer.Length)], cancellationToken);
            _left -= buffer.Length;
            if (_left <= 0)
            {
                await beneath.DisposeAsync();
            }
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => beneath.ReadAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            beneath.Dispose();
            base.Dispose(disposing);
        }
    }
}
