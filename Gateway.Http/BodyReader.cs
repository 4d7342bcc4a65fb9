namespace Gateway.Http;

/// <summary>
/// Finds the end of a body in the bytes after its head, and validates chunks, without copying: the bytes it takes can be passed on unchanged.
/// A mutable struct that keeps its position between calls.
/// <code>
/// Size -digits-> Size -blank-> Blank        Size, Blank -;-> Extension
/// Size, Extension -CR-> SizeEnd -LF-> Payload, or LineStart after size 0
/// Payload -all-> PayloadCr -CR-> PayloadLf -LF-> Size
/// LineStart -CR-> LastLf -LF-> end          LineStart -name-> Name -:-> Value -CR-> ValueLf -LF-> LineStart
/// </code>
/// </summary>
public struct BodyReader
{
    private const int MaxSizeDigits = 16;

    private int _maxExtension;
    private int _maxTrailers;
    private int _fieldsLeft;
    private Step _step;
    private int _count;
    private long _left;
    private bool _isDone;

    private enum Step : byte
    {
        Size,
        Blank,
        Extension,
        SizeEnd,
        Payload,
        PayloadCr,
        PayloadLf,
        LineStart,
        Name,
        Value,
        ValueLf,
        LastLf,
        Done,
    }

    public static BodyReader None => default;

    public BodyKind Kind { get; private init; }

    /// <summary>The body bytes so far, without chunk framing.</summary>
    public long Payload { get; private set; }

    /// <summary>Whether the whole body has been taken.</summary>
    public bool IsDone { readonly get => _isDone || Kind == BodyKind.None; private set => _isDone = value; }

    /// <summary>The fault, if the body is not valid; no more bytes may be taken then.</summary>
    public HttpFault Fault { get; private set; }

    public static BodyReader OfLength(long bytes) => bytes == 0 ? default : new() { Kind = BodyKind.Length, _left = bytes };

    public static BodyReader Chunked(HttpLimits limits) =>
        new() { Kind = BodyKind.Chunked, _maxExtension = limits.MaxChunkExtension, _maxTrailers = limits.MaxTrailers, _fieldsLeft = limits.MaxFields };

    public static BodyReader UntilClose() => new() { Kind = BodyKind.UntilClose };

    /// <summary>Whether the chunks are over, so that trailers or the end of the empty line in their place come next: see <see cref="TakeTrailers"/>.</summary>
    public readonly bool IsAtTrailers => !_isDone && _step >= Step.LineStart;

    /// <summary>Whether it is chunked, and the latest chunk has been taken whole.</summary>
    public readonly bool IsBetweenChunks => Kind == BodyKind.Chunked && _step == Step.Size && _count == 0 && Fault == HttpFault.None;

    /// <summary>
    /// Takes the bytes that belong to the body and returns their number. Check <see cref="Fault"/> afterwards. Stops before the trailers.
    /// </summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        switch (Kind)
        {
            case BodyKind.None:
                return 0;
            case BodyKind.Length:
                var part = (int)Math.Min(_left, bytes.Length);
                _left -= part;
                Payload += part;
                IsDone = _left == 0;
                return part;
            case BodyKind.UntilClose:
                Payload += bytes.Length;
                return bytes.Length;
            default:
                var at = 0;
                while (at < bytes.Length && Fault == HttpFault.None && _step < Step.LineStart)
                {
                    at += Advance(bytes[at..], out _);
                }

                if (_step == Step.LineStart && _count == 0 && bytes[at..] is [(byte)'\r', (byte)'\n', ..])
                {
                    (_step, IsDone) = (Step.Done, true);
                    at += 2;
                }

                return at;
        }
    }

    /// <summary>
    /// Takes one step through a chunked body and returns the number of bytes taken, and their payload. For callers that cannot pass the framing on.
    /// </summary>
    public int TakeChunk(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload) =>
        bytes.IsEmpty || Fault != HttpFault.None || _step >= Step.LineStart ? Nothing(out payload) : Advance(bytes, out payload);

    /// <summary>Takes bytes of the trailer section, its empty line included, and returns their number.</summary>
    public int TakeTrailers(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Fault == HttpFault.None && !_isDone)
        {
            at += Advance(bytes[at..], out _);
        }

        return at;
    }

    /// <summary>Handles the end of the connection; returns whether it properly ends the body.</summary>
    public bool End()
    {
        IsDone = IsDone || Kind == BodyKind.UntilClose;
        return IsDone;
    }

    private static int Nothing(out ReadOnlySpan<byte> payload)
    {
        payload = [];
        return 0;
    }

    private int Advance(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = [];
        var octet = bytes[0];
        switch (_step)
        {
            case Step.Size:
                return TakeSize(octet);
            case Step.Blank:
                return octet == ';' || Octets.IsBlank(octet) ? TakeExtension(octet) : Fail(HttpFault.BadChunkSize);
            case Step.Extension:
                return octet == '\r' ? Go(Step.SizeEnd) : IsControl(octet) ? Fail(HttpFault.BadChunkSize) : TakeExtension(octet);
            case Step.SizeEnd:
                _count = 0;
                return octet == '\n' ? Go(_left == 0 ? Step.LineStart : Step.Payload) : Fail(HttpFault.BadChunkSize);
            case Step.Payload:
                var part = (int)Math.Min(_left, bytes.Length);
                payload = bytes[..part];
                _left -= part;
                Payload += part;
                _step = _left == 0 ? Step.PayloadCr : Step.Payload;
                return part;
            case Step.PayloadCr:
                return octet == '\r' ? Go(Step.PayloadLf) : Fail(HttpFault.BadChunkEnd);
            case Step.PayloadLf:
                return octet == '\n' ? Go(Step.Size) : Fail(HttpFault.BadChunkEnd);
            default:
                return ++_count > _maxTrailers ? Fail(HttpFault.TrailersTooLarge) : TakeTrailer(octet);
        }
    }

    private int TakeSize(byte octet)
    {
        var digit = octet is >= (byte)'0' and <= (byte)'9' ? octet - '0'
            : (octet | 0x20) is >= 'a' and <= 'f' ? (octet | 0x20) - 'a' + 10
            : -1;
        if (digit >= 0)
        {
            if (++_count > MaxSizeDigits || _left > long.MaxValue >> 4)
            {
                return Fail(HttpFault.BadChunkSize);
            }

            _left = (_left << 4) + digit;
            return 1;
        }

        if (_count == 0)
        {
            return Fail(HttpFault.BadChunkSize);
        }

        _count = 0;
        return octet switch
        {
            (byte)'\r' => Go(Step.SizeEnd),
            (byte)';' or (byte)' ' or (byte)'\t' => TakeExtension(octet),
            _ => Fail(HttpFault.BadChunkSize),
        };
    }

    /// <summary>White space alone is not an extension: a reader that skips it may take the following digits as part of the size.</summary>
    private int TakeExtension(byte octet) =>
        ++_count > _maxExtension ? Fail(HttpFault.ChunkExtensionTooLong)
        : Go(_step == Step.Extension || octet == ';' ? Step.Extension : Step.Blank);

    private int TakeTrailer(byte octet) => _step switch
    {
        Step.LineStart => octet == '\r' ? Go(Step.LastLf)
            : !Octets.Token.Contains(octet) ? Fail(HttpFault.BadTrailer)
            : --_fieldsLeft < 0 ? Fail(HttpFault.TooManyFields)
            : Go(Step.Name),
        Step.Name => octet == ':' ? Go(Step.Value) : Octets.Token.Contains(octet) ? 1 : Fail(HttpFault.BadTrailer),
        Step.Value => octet == '\r' ? Go(Step.ValueLf) : IsControl(octet) ? Fail(HttpFault.BadTrailer) : 1,
        Step.ValueLf => octet == '\n' ? Go(Step.LineStart) : Fail(HttpFault.BadTrailer),
        _ => octet == '\n' ? Finish() : Fail(HttpFault.BadTrailer),
    };

    private static bool IsControl(byte octet) => octet is (< 0x20 and not (byte)'\t') or 0x7F;

    private int Go(Step next)
    {
        _step = next;
        return 1;
    }

    private int Finish()
    {
        (_step, IsDone) = (Step.Done, true);
        return 1;
    }

    private int Fail(HttpFault fault)
    {
        Fault = fault;
        return 0;
    }
}

/// <summary>
/// The framing of a message body (RFC 9112 6.3).
/// </summary>
public enum BodyKind : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}
