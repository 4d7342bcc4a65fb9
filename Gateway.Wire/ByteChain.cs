namespace Gateway.Wire;

/// <summary>Bytes in blocks, first in, first out: what could not be sent yet, what is kept of a body. A struct of its owner's, who clears it.</summary>
public struct ByteChain
{
    private Block? _first;
    private Block? _last;

    /// <summary>Bytes in all.</summary>
    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    /// <summary>The first block, which has all others behind it; null when there are no bytes.</summary>
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

    /// <summary>Takes the first block out, for the caller to give back; null when there are no bytes.</summary>
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
