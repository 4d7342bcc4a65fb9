namespace Gateway.Upstream.Http1;

/// <summary>
/// Reads the heads of one connection's answers, one after another, into one <see cref="ResponseHead"/>. Strict: whatever two readers might
/// read in two ways is malformed. Backends say the same in answer after answer, so a head of the same bytes as the last is not read again.
/// Allocates nothing once its list of fields has grown to what the endpoint sends.
/// </summary>
internal sealed class ResponseHeadParser(CodecLimits limits)
{
    /// <summary>Longer heads are rare, and not worth a copy for each connection. In bytes.</summary>
    private const int LongestKept = 1024;

    private LineReader _lines;
    private byte[] _last = [];
    private int _lastLength;

    /// <summary>The head last parsed; valid when the parser said so, until the next call.</summary>
    public ResponseHead Head { get; } = new(limits.MaxFields);

    /// <summary>
    /// Goes on with a head. After <see cref="HeadState.NeedMore"/> the next call gets the same bytes and more; complete lines are not read
    /// again. After any other result the next call begins a new head.
    /// </summary>
    /// <param name="input">Everything since the start of the head, and possibly beyond its end.</param>
    public HeadResult Parse(ReadOnlySpan<byte> input)
    {
        var window = input[..Math.Min(input.Length, limits.MaxHead)];
        if (_lines.Start == 0)
        {
            if (_lastLength > 0 && window.StartsWith(_last.AsSpan(0, _lastLength)))
            {
                Reset();
                return HeadResult.Done(_lastLength);
            }

            Head.Clear();
            _lastLength = 0;
            if (!StatusLine.CanBegin(window))
            {
                return Malformed(CodecFault.BadVersion);
            }
        }

        CodecFault fault;
        while (_lines.TryNext(window, out var line, out fault))
        {
            var isLast = line.Start == line.End;
            fault = isLast ? Head.Complete(window) : Take(window, line);
            if (fault != CodecFault.None)
            {
                return Malformed(fault);
            }

            if (isLast)
            {
                Reset();
                Keep(window[..(line.End + 2)]);
                return HeadResult.Done(line.End + 2);
            }
        }

        return fault != CodecFault.None ? Malformed(fault)
            : input.Length >= limits.MaxHead ? Malformed(CodecFault.HeadTooLarge)
            : HeadResult.NeedMore;
    }

    /// <summary>Forgets a head begun.</summary>
    public void Reset() => _lines = default;

    private CodecFault Take(ReadOnlySpan<byte> window, (int Start, int End) line)
    {
        if (line.Start == 0)
        {
            return StatusLine.Parse(window[..line.End], Head);
        }

        var fault = FieldLine.Parse(window, line, out var field);
        return fault != CodecFault.None ? fault : Head.Add(window, field);
    }

    private void Keep(ReadOnlySpan<byte> head)
    {
        if (head.Length > LongestKept)
        {
            return;
        }

        if (_last.Length < head.Length)
        {
            _last = GC.AllocateUninitializedArray<byte>(head.Length);
        }

        head.CopyTo(_last);
        _lastLength = head.Length;
    }

    private HeadResult Malformed(CodecFault fault)
    {
        Reset();
        return HeadResult.Malformed(fault);
    }
}
