namespace Gateway.Wire;

/// <summary>A FIFO of bytes in blocks: unsent data, or the kept part of a body. A mutable struct; its owner must clear it.</summary>
public struct ByteChain
{
    private Block? _first;
    private Block? _last;

    /// <summary>The number of bytes.</summary>
    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    /// <summary>The first block, linked to all others; null if there are no bytes.</summary>
    public readonly Block? First => _first;

    public void Append(BlockPool pool, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_last is null || _last.Room == 0)
            {
                var block = pool.Rent(bytes.Length <= 4096 && _last is null ? 4096 : 16 * 1024);
                if (_last is null)
                {
                    _first = block;
                }
                else
                {
                    _last.Next = block;
                }

                _last = block;
            }

            var part = Math.Min(bytes.Length, _last.Room);
            bytes[..part].CopyTo(_last.Free);
            _last.End += part;
            Length += part;
            bytes = bytes[part..];
        }
    }

    /// <summary>Drops bytes from the front.</summary>
    public void Consume(BlockPool pool, int bytes)
    {
        Length -= bytes;
        while (_first is { } block && (bytes > 0 || block.Length == 0))
        {
            var part = Math.Min(bytes, block.Length);
            block.Start += part;
            bytes -= part;
            if (block.Length == 0)
            {
                _first = block.Next;
                pool.Return(block);
            }
        }

        if (_first is null)
        {
            _last = null;
        }
    }

    /// <summary>Removes the first block, for the caller to return; null if there are no bytes.</summary>
    public Block? TakeFirst()
    {
        if (_first is not { } block)
        {
            return null;
        }

        _first = block.Next;
        _last = _first is null ? null : _last;
        Length -= block.Length;
        return block;
    }

    public void Clear(BlockPool pool)
    {
        for (var block = _first; block is not null;)
        {
            var next = block.Next;
            pool.Return(block);
            block = next;
        }

        (_first, _last, Length) = (null, null, 0);
    }
}
