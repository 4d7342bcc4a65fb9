namespace Gateway.Upstream.Http1;

/// <summary>
/// Takes a chunked body apart (RFC 9112 7.1) without copying: each step names a stretch of payload in the bytes it was given.
/// <code>
/// Size --digits--> Padding --;--> Extension        Size, Extension --CR--> SizeEnd --LF--> Payload, or Trailers after size 0
/// Payload --all of it--> PayloadEnd --CR--> PayloadFeed --LF--> Size      Trailers --empty line--> Ended
/// </code>
/// Strict: CRLF only, and white space after a size only before an extension. A value type with state: keep it in a field that is not
/// read-only, one for each body.
/// </summary>
/// <param name="trailers">Receives the trailer fields; cleared when they begin.</param>
internal struct ChunkedDecoder(CodecLimits limits, FieldList trailers)
{
    private LineReader _lines;
    private Phase _phase;
    private CodecFault _fault;
    private long _size;
    private int _count;
    private bool _looksAhead;

    private enum Phase : byte
    {
        Size,
        Padding,
        Extension,
        SizeEnd,
        Payload,
        PayloadEnd,
        PayloadFeed,
        Trailers,
        Ended,
    }

    /// <summary>
    /// One step: to the next payload, to the end, or through the input. A trailer section is consumed as a whole, so until it is complete
    /// its bytes stay unconsumed, at most <see cref="CodecLimits.MaxTrailers"/> of them.
    /// </summary>
    /// <param name="input">What the step before did not consume, and more.</param>
    public ChunkStep Next(ReadOnlySpan<byte> input)
    {
        var at = 0;
        while (_fault == CodecFault.None)
        {
            if (_phase == Phase.Trailers)
            {
                return ReadTrailers(input[at..], at);
            }

            if (_phase == Phase.Ended)
            {
                return ChunkStep.End(at, 0);
            }

            if (at == input.Length)
            {
                return ChunkStep.NeedMore(at);
            }

            if (_phase == Phase.Payload)
            {
                var length = (int)Math.Min(_size, input.Length - at);
                _size -= length;
                _phase = _size == 0 ? Phase.PayloadEnd : Phase.Payload;
                return ChunkStep.Payload(at, length);
            }

            _fault = Take(input[at++]);
        }

        return ChunkStep.Malformed(_fault);
    }

    /// <summary>Looks through what has come without moving on or touching the trailers: what is wrong with it.</summary>
    /// <param name="input">As for <see cref="Next"/>.</param>
    public readonly CodecFault Inspect(ReadOnlySpan<byte> input)
    {
        var ahead = this;
        ahead._looksAhead = true;
        var step = ahead.Next(input);
        while (step.State == ChunkState.Payload)
        {
            input = input[step.Consumed..];
            step = ahead.Next(input);
        }

        return step.Fault;
    }

    private CodecFault Take(byte octet) => (_phase, octet) switch
    {
        (Phase.Size, _) when HexDigit(octet) is var digit and >= 0 => TakeDigit(digit),
        (Phase.Size, Octets.CarriageReturn) when _count > 0 => Enter(Phase.SizeEnd),
        (Phase.Size, (byte)';') when _count > 0 => BeginExtension(Phase.Extension),
        (Phase.Size, Octets.Space or Octets.Tab) when _count > 0 => BeginExtension(Phase.Padding),
        (Phase.Padding, Octets.Space or Octets.Tab) => Skip(Phase.Padding),
        (Phase.Padding, (byte)';') => Skip(Phase.Extension),
        (Phase.Extension, Octets.CarriageReturn) => Enter(Phase.SizeEnd),
        (Phase.Extension, _) when octet >= Octets.Space || octet == Octets.Tab => Skip(Phase.Extension),
        (Phase.SizeEnd, Octets.LineFeed) => EndSize(),
        (Phase.PayloadEnd, Octets.CarriageReturn) => Enter(Phase.PayloadFeed),
        (Phase.PayloadFeed, Octets.LineFeed) => Enter(Phase.Size),
        (Phase.PayloadEnd or Phase.PayloadFeed, _) => CodecFault.BadChunkEnd,
        _ => CodecFault.BadChunkSize,
    };

    private CodecFault TakeDigit(int digit)
    {
        if (++_count > limits.MaxChunkSizeDigits)
        {
            return CodecFault.ChunkSizeTooLong;
        }

        if (_size > long.MaxValue >> 4)
        {
            return CodecFault.BadChunkSize;
        }

        _size = (_size << 4) | (long)digit;
        return CodecFault.None;
    }

    private CodecFault BeginExtension(Phase phase)
    {
        _count = 0;
        return Skip(phase);
    }

    private CodecFault Skip(Phase phase)
    {
        _phase = phase;
        return ++_count > limits.MaxChunkExtension ? CodecFault.ChunkExtensionTooLong : CodecFault.None;
    }

    private CodecFault EndSize()
    {
        _count = 0;
        if (_size > 0)
        {
            return Enter(Phase.Payload);
        }

        if (!_looksAhead)
        {
            trailers.Clear();
        }

        return Enter(Phase.Trailers);
    }

    private CodecFault Enter(Phase phase)
    {
        _phase = phase;
        return CodecFault.None;
    }

    private ChunkStep ReadTrailers(ReadOnlySpan<byte> section, int at)
    {
        var window = section[..Math.Min(section.Length, limits.MaxTrailers)];
        while (_lines.TryNext(window, out var line, out _fault))
        {
            if (line.Start == line.End)
            {
                _phase = Phase.Ended;
                return ChunkStep.End(at, line.End + 2);
            }

            _fault = FieldLine.Parse(window, line, out var field);
            var belongs = field.Known is KnownField.None or > KnownField.LastOfHeadsOnly;
            if (_fault == CodecFault.None && !_looksAhead && !trailers.TryAdd(field with { EndToEnd = belongs }))
            {
                _fault = CodecFault.TooManyFields;
            }

            if (_fault != CodecFault.None)
            {
                return ChunkStep.Malformed(_fault);
            }
        }

        if (_fault == CodecFault.None && section.Length >= limits.MaxTrailers)
        {
            _fault = CodecFault.TrailersTooLarge;
        }

        return _fault == CodecFault.None ? ChunkStep.NeedMore(at) : ChunkStep.Malformed(_fault);
    }

    private static int HexDigit(byte octet) => octet switch
    {
        >= (byte)'0' and <= (byte)'9' => octet - '0',
        >= (byte)'a' and <= (byte)'f' => octet - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => octet - 'A' + 10,
        _ => -1,
    };
}
