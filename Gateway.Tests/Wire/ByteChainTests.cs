using CsCheck;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class ByteChainTests
{
    private static readonly Gen<int> Size = Gen.OneOf(Gen.Int[0, 50], Gen.Int[4_090, 4_100], Gen.Int[0, 40_000]);

    [Fact]
    public void It_is_a_queue_of_bytes() =>
        Gen.Select(Gen.Frequency((6, 0), (5, 1), (1, 2)), Size).Array[1, 60].Sample(steps =>
        {
            using var pool = new BlockPool(isChecked: true);
            var (chain, model, next) = (new ByteChain(), new List<byte>(), 0);
            foreach (var (kind, size) in steps)
            {
                switch (kind)
                {
                    case 0:
                        byte[] bytes = [.. Enumerable.Range(0, size).Select(_ => (byte)(next++ * 31))];
                        chain.Append(pool, bytes);
                        model.AddRange(bytes);
                        break;
                    case 1:
                        var part = Math.Min(size, model.Count);
                        chain.Consume(pool, part);
                        model.RemoveRange(0, part);
                        break;
                    default:
                        chain.Clear(pool);
                        model.Clear();
                        break;
                }

                Assert.Equal((model.Count, model.Count == 0, model.Count == 0), (chain.Length, chain.IsEmpty, chain.First is null));
                Assert.True(BytesOf(chain, out var blocks).AsSpan().SequenceEqual(model.ToArray()));
                Assert.Equal(blocks, pool.InUse);
            }

            chain.Clear(pool);
            Assert.Equal((0, 0L), (pool.InUse, pool.BytesInUse));
        }, iter: 300);

    [Fact]
    public void Emptied_or_cleared_it_can_be_used_again()
    {
        using var pool = new BlockPool(isChecked: true);
        var chain = new ByteChain();
        chain.Append(pool, "ab"u8);
        chain.Consume(pool, 2);
        Assert.Equal(0, pool.InUse);
        chain.Append(pool, "cd"u8);
        chain.Clear(pool);
        chain.Append(pool, "e"u8);
        Assert.Equal("e"u8, BytesOf(chain, out _));
        chain.Clear(pool);
        Assert.Equal(0, pool.InUse);
    }

    private static byte[] BytesOf(ByteChain chain, out int blocks)
    {
        var bytes = new List<byte>();
        blocks = 0;
        for (var block = chain.First; block is not null; block = block.Next)
        {
            Assert.NotEqual(0, block.Length);
            bytes.AddRange(block.Used);
            blocks++;
        }

        return [.. bytes];
    }
}
