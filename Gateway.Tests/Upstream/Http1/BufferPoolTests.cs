#if DEBUG
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream.Http1;

/// <summary>What debug builds do so that a buffer used after its return is found.</summary>
public sealed class BufferPoolTests
{
    [Fact]
    public void What_has_gone_back_is_poisoned()
    {
        var buffer = BufferPool.Rent(1000);
        buffer.AsSpan().Fill(1);
        BufferPool.Return(buffer);

        Assert.False(buffer.AsSpan().ContainsAnyExcept(BufferPool.Poison));
    }

    [Fact]
    public void It_goes_back_once()
    {
        var buffer = BufferPool.Rent(1000);
        BufferPool.Return(buffer);

        Assert.Throws<InvalidOperationException>(() => BufferPool.Return(buffer));
        Assert.Throws<InvalidOperationException>(() => BufferPool.Return(new byte[1024]));
    }

    [Fact]
    public void A_buffer_that_is_written_to_afterwards_is_told_from_one_that_is_not()
    {
        var buffer = new byte[16];
        buffer.AsSpan().Fill(BufferPool.Poison);
        Assert.True(BufferPool.IsIntact(buffer));
        buffer[15]++;
        Assert.False(BufferPool.IsIntact(buffer));
    }
}
#endif
