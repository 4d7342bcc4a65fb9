using System.Buffers;
using Gateway.Node.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Hosting;

public sealed class IngressMemoryTests
{
    [Fact]
    public void A_block_is_rented_again_once_it_has_been_returned()
    {
        using var pool = new IngressMemory(new FakeTimeProvider());
        var first = pool.Rent();
        Assert.Equal(IngressMemory.BlockSize, first.Memory.Length);
        using var second = pool.Rent(IngressMemory.BlockSize);
        Assert.NotSame(first, second);
        first.Dispose();
        Assert.Equal(1, pool.Free);
        Assert.Same(first, pool.Rent());
        Assert.Equal(0, pool.Free);
    }

#if DEBUG
    [Fact]
    public void What_has_been_returned_is_poisoned_in_a_debug_build()
    {
        using var pool = new IngressMemory(new FakeTimeProvider());
        var block = pool.Rent();
        block.Memory.Span.Fill(1);
        block.Dispose();
        Assert.False(block.Memory.Span.ContainsAnyExcept(IngressMemory.Poison));
    }

#endif
    [Fact]
    public void More_than_a_block_is_refused()
    {
        using var pool = new IngressMemory(new FakeTimeProvider());
        Assert.Equal(IngressMemory.BlockSize, pool.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(IngressMemory.BlockSize + 1));
    }

    [Fact]
    public void What_nobody_needed_for_a_while_is_given_up_and_what_is_in_use_is_kept()
    {
        var clock = new FakeTimeProvider();
        using var pool = new IngressMemory(clock);
        foreach (var block in (IMemoryOwner<byte>[])[pool.Rent(), pool.Rent(), pool.Rent()])
        {
            block.Dispose();
        }

        clock.Advance(IngressMemory.TrimInterval); // The first look: from here on it is known how many are free.
        pool.Rent().Dispose();
        clock.Advance(IngressMemory.TrimInterval);
        Assert.Equal(1, pool.Free); // One was in use meanwhile.
        clock.Advance(IngressMemory.TrimInterval);
        Assert.Equal(0, pool.Free);
    }

    [Fact]
    public void What_is_returned_after_the_end_is_not_kept()
    {
        var pool = new IngressMemory(new FakeTimeProvider());
        var block = pool.Rent();
        pool.Dispose();
        block.Dispose();
        Assert.Equal(0, pool.Free);
    }
}
