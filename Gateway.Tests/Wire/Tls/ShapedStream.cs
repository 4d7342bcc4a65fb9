namespace Gateway.Tests.Wire.Tls;

/// <summary>Passes on what is written in pieces of the test's choice, or held back until it is let go; remembers the end of what is read.</summary>
/// <param name="piece">Bytes at a time; 0: as they come.</param>
internal sealed class ShapedStream(Stream beneath, int piece = 0) : PassingStream(beneath)
{
    private readonly MemoryStream _held = new();
    private readonly List<byte> _read = [];

    /// <summary>Whether what is written stays here.</summary>
    public bool Holds { get; set; }

    public byte[] Seen => [.. _read];

    /// <summary>Passes on what was held back, at once.</summary>
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
