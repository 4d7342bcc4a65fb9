namespace Gateway.Tests.Wire.Tls;

/// <summary>Closes a client's connection after a seeded number of bytes written, in the handshake or after it.</summary>
internal sealed class BreakingOff(int seed)
{
    public Stream Over(Stream beneath) => new Breaking(beneath, 37 + (seed * 131 % 2500));

    private sealed class Breaking(Stream beneath, int most) : PassingStream(beneath)
    {
        private readonly Stream _inner = beneath;
        private int _left = most;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer[..Math.Min(_left, buffer.Length)], cancellationToken);
            _left -= buffer.Length;
            if (_left <= 0)
            {
                await _inner.DisposeAsync();
            }
        }
    }
}
