using CsCheck;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class BlockPoolTests
{
    [Theory]
    [InlineData(0, 4 * 1024)]
    [InlineData(4 * 1024, 4 * 1024)]
    [InlineData(4 * 1024 + 1, 16 * 1024)]
    [InlineData(16 * 1024 + 1, 64 * 1024)]
    [InlineData(64 * 1024 + 1, 64 * 1024 + 1)]
    public void A_block_holds_at_least_what_was_asked_for(int atLeast, int capacity)
    {
        using var pool = new BlockPool(isChecked: true);
        var block = pool.Rent(atLeast);
        Assert.Equal((capacity, capacity, 0), (block.Capacity, block.Room, block.Length));
        block.Free.Fill(1);
        Assert.Equal((1, (long)capacity), (pool.InUse, pool.BytesInUse));
        pool.Return(block);
        Assert.Equal((0, 0L), (pool.InUse, pool.BytesInUse));
    }

    [Fact]
    public void A_returned_block_is_taken_again_as_an_empty_one()
    {
        using var pool = new BlockPool();
        var block = pool.Rent(100);
        (block.Start, block.End, block.Next) = (5, 10, pool.Rent(1));
        var other = block.Next;
        pool.Return(block);

        Assert.Same(block, pool.Rent(1));
        Assert.Equal((0, 0, null), (block.Start, block.End, block.Next));
        pool.Return(block);
        pool.Return(other);
    }

    [Fact]
    public void A_write_after_the_return_is_found_when_the_block_is_taken_again() =>
        Gen.Select(Gen.Int[0, 4095], Gen.Byte).Where((_, value) => value != 0xDB).Sample((at, value) =>
        {
            using var pool = new BlockPool(isChecked: true);
            var block = pool.Rent(1);
            var kept = block.Free;
            pool.Return(block);
            kept[at] = value;
            Assert.Throws<InvalidOperationException>(() => pool.Rent(1));
        });

    [Fact]
    public void A_write_beyond_either_end_is_found_at_the_return() =>
        Gen.Select(Gen.OneOf(1, 5_000, 20_000, 100_000), Gen.Int[0, Block.Guard - 1], Gen.Bool).Sample((size, at, isBehind) =>
        {
            using var pool = new BlockPool(isChecked: true);
            var block = pool.Rent(size);
            block.Free.Fill(7);
            var guard = isBehind ? block.GuardBehind : block.GuardBefore;
            var found = guard[at];
            guard[at] ^= 1;
            Assert.Throws<InvalidOperationException>(() => pool.Return(block));

            guard[at] = found;
            pool.Return(block);
            Assert.Equal(0, pool.InUse);
        });

    [Fact]
    public void A_returned_block_reads_as_nonsense()
    {
        using var pool = new BlockPool(isChecked: true);
        var block = pool.Append(null, "secret"u8);
        var kept = block.Used;
        pool.Return(block);
        Assert.False(kept.ContainsAnyExcept((byte)0xDB));
    }

    [Fact]
    public void Append_keeps_all_bytes_in_one_piece_and_returns_what_it_outgrows() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 300], Gen.Int[0, 30_000]).Array[1, 12], Gen.Bool).Sample((sizes, consumes) =>
        {
            using var pool = new BlockPool(isChecked: true);
            var (block, expected, next) = ((Block?)null, new List<byte>(), (byte)0);
            foreach (var size in sizes)
            {
                var bytes = new byte[size];
                bytes.AsSpan().Fill(++next);
                block = pool.Append(block, bytes);
                expected.AddRange(bytes);
                if (consumes && expected.Count > 3)
                {
                    block.Start += 3;
                    expected.RemoveRange(0, 3);
                }

                Assert.True(block.Used.SequenceEqual(expected.ToArray()));
                Assert.Equal((1, (long)block.Capacity), (pool.InUse, pool.BytesInUse));
            }

            pool.Return(block!);
            Assert.Equal((0, 0L), (pool.InUse, pool.BytesInUse));
        });

    [Fact]
    public void However_many_are_rented_all_of_them_can_be_returned() =>
        Gen.OneOf(Gen.Int[0, 5_000], Gen.Int[0, 100_000]).Array[1, 150].Sample(sizes =>
        {
            using var pool = new BlockPool(isChecked: true);
            var blocks = sizes.Select(pool.Rent).ToList();
            Assert.Equal((blocks.Count, blocks.Sum(b => (long)b.Capacity)), (pool.InUse, pool.BytesInUse));
            Assert.Equal(blocks.Count, blocks.Distinct().Count());
            blocks.ForEach(pool.Return);
            Assert.Equal((0, 0L), (pool.InUse, pool.BytesInUse));
        }, iter: 30);
}
