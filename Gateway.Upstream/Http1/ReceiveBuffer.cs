namespace Gateway.Upstream.Http1;

/// <summary>
/// What a connection has received and nobody has consumed, in one array with room behind it. Grows with an endpoint that fills it each time;
/// an idle connection gives that up.
/// </summary>
internal sealed class ReceiveBuffer
{
    /// <summary>Enough for most answers to come in one piece, and what an idle connection keeps. In bytes.</summary>
    public const int Initial = 8 * 1024;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Initial);
    private int _start;
    private int _end;
    private bool _wasFilled;

    public bool IsEmpty => _start == _end;

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room => _bytes.AsMemory(_end);

    /// <summary>Takes in what has been written to <see cref="Room"/>.</summary>
    public void Add(int bytes)
    {
        _end += bytes;
        _wasFilled = _end == _bytes.Length;
    }

    public void Consume(int bytes)
    {
        _start += bytes;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>Sees to it that there is room; throws where there would have to be more than the limit, in bytes.</summary>
    public void MakeRoom(int limit)
    {
        if (_start > 0)
        {
            Content.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        // Who has filled it has more to say, even where all of it has been consumed.
        if (_end < _bytes.Length && (!_wasFilled || _bytes.Length >= limit))
        {
            return;
        }

        if (_bytes.Length >= limit)
        {
            throw new InvalidDataException($"more than {limit} bytes are waiting to be understood");
        }

        Array.Resize(ref _bytes, Math.Min(limit, 2 * _bytes.Length));
        _wasFilled = false;
    }

    /// <summary>Gives up what was for large answers. When empty, and nothing is being received.</summary>
    public void Shrink()
    {
        if (_bytes.Length > Initial)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(Initial);
        }

        _wasFilled = false;
    }
}
