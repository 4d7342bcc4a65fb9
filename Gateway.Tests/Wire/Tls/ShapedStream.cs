namespace Gateway.Tests.Wire.Tls;

/// <summary>Passes writes on in pieces chosen by the test, or holds them back; records what is read.</summary>
/// <param name="piece">The bytes per piece; 0: unchanged.</param>
internal sealed class ShapedStream(Stream beneath, int piece = 0) : PassingStream(beneath)
{
    private readonly MemoryStream _held = new();
    private readonly List<byte> _read = [];

    /// <summary>Whether writes are held back.</summary>
    public bool Holds { get; set; }

    public byte[] Seen => [.. _read];

    /// <summary>Passes on the held data in one piece.</summary>
    public async Task LetGoAsync()
    {
        Holds = false;
        await base.WriteAsync(_held.ToArray());
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Holds)
        {
            _held.Write(buffer.Span);
            return;
        }

        while (!buffer.IsEmpty)
        {
            var next = piece == 0 ? buffer.Length : Math.Min(piece, buffer.Length);
            await base.WriteAsync(buffer[..next], cancellationToken);
            buffer = buffer[next..];
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        _read.AddRange(buffer.Span[..count]);
        return count;
    }
}
