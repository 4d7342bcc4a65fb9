namespace Gateway.Wire;

/// <summary>
/// The buffers of one loop, in native memory: 4, 16 and 64 KiB, and larger ones that are not reused. Used by the loop's thread only.
/// <para>
/// In checked mode a block is filled with a pattern when it is returned, and so are guards before its start and after its end; all are verified when it
/// is next rented. This detects a write to a returned block or beyond its ends, and a read of a returned block yields garbage.
/// </para>
/// </summary>
public sealed class BlockPool : IDisposable
{
    /// <summary>The byte that fills a returned block in checked mode.</summary>
    internal const byte Poison = 0xDB;

    private const byte GuardByte = 0xFD;

    private static readonly int[] Sizes = [4 * 1024, 16 * 1024, 64 * 1024];

    /// <summary>The maximum number of returned blocks kept per size: 4 MiB.</summary>
    private static readonly int[] Kept = [1024, 256, 64];

    private readonly Stack<Block>[] _free = [new(), new(), new()];
    private readonly bool _isChecked;

    /// <param name="isChecked">Whether blocks are poisoned and guarded.</param>
    public BlockPool(bool isChecked = false) => _isChecked = isChecked;

    /// <summary>The number of blocks in use. Zero when every owner has ended.</summary>
    public int InUse { get; private set; }

    /// <summary>The total size of the blocks in use, in bytes.</summary>
    public long BytesInUse { get; private set; }

    /// <summary>Rents an empty block.</summary>
    /// <param name="atLeast">The minimum capacity in bytes.</param>
    public Block Rent(int atLeast)
    {
        var size = atLeast <= Sizes[0] ? 0 : atLeast <= Sizes[1] ? 1 : atLeast <= Sizes[2] ? 2 : -1;
        Block? block = null;
        if (size < 0 || !_free[size].TryPop(out block))
        {
            block = new Block(size < 0 ? atLeast : Sizes[size], size);
            if (_isChecked)
            {
                block.GuardBefore.Fill(GuardByte);
                block.GuardBehind.Fill(GuardByte);
            }
        }
        else if (_isChecked && block.Whole.ContainsAnyExcept(Poison))
        {
            throw new InvalidOperationException("a block was written to after its return");
        }

        (block.Start, block.End, block.Next) = (0, 0, null);
        InUse++;
        BytesInUse += block.Capacity;
        return block;
    }

    /// <summary>Appends bytes to a block, or to a larger one in its place, to keep them contiguous.</summary>
    /// <param name="block">Null for a new one. Do not use it afterwards.</param>
    public Block Append(Block? block, ReadOnlySpan<byte> bytes)
    {
        if (block is null || block.Room < bytes.Length)
        {
            var used = block?.Length ?? 0;
            var larger = Rent(Math.Max(2 * used, used + bytes.Length));
            if (block is not null)
            {
                block.Used.CopyTo(larger.Free);
                larger.End = used;
                Return(block);
            }

            block = larger;
        }

        bytes.CopyTo(block.Free);
        block.End += bytes.Length;
        return block;
    }

    /// <summary>Returns a block; its bytes must not be touched afterwards.</summary>
    public void Return(Block block)
    {
        if (_isChecked)
        {
            if (block.GuardBefore.ContainsAnyExcept(GuardByte) || block.GuardBehind.ContainsAnyExcept(GuardByte))
            {
                throw new InvalidOperationException("a block was written to outside its bounds");
            }

            block.Whole.Fill(Poison);
        }

        InUse--;
        BytesInUse -= block.Capacity;
        if (block.SizeClass >= 0 && _free[block.SizeClass].Count < Kept[block.SizeClass])
        {
            _free[block.SizeClass].Push(block);
        }
        else
        {
            block.Destroy();
        }
    }

    public void Dispose()
    {
        foreach (var stack in _free)
        {
            while (stack.TryPop(out var block))
            {
                block.Destroy();
            }
        }
    }
}
