using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

public sealed class PooledBufferTests
{
    [Fact]
    public void It_grows_and_keeps_what_was_written()
    {
        using var buffer = new PooledBuffer(1);
        var expected = new List<byte>();
        for (var n = 1; n < 2000; n += 37)
        {
            var piece = Enumerable.Repeat((byte)n, n).ToArray();
            expected.AddRange(piece);
            piece.CopyTo(buffer.GetSpan(n));
            buffer.Advance(n);
            buffer.Write(piece);
            expected.AddRange(piece);
        }

        Assert.Equal(expected, buffer.Written.ToArray());
        Assert.Equal(expected, buffer.WrittenMemory.ToArray());
    }

    [Fact]
    public void What_was_written_is_taken_back()
    {
        using var buffer = new PooledBuffer(16);
        buffer.Write("kept, not kept"u8);
        buffer.Truncate(4);
        buffer.Write("!"u8);
        Assert.Equal("kept!"u8, buffer.Written);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1 << 20));
    }

    [Fact]
    public void It_gives_its_array_back_once()
    {
        var buffer = new PooledBuffer(16);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(0, buffer.Length);
    }
}
