using Gateway.Upstream.Http1;

namespace Gateway.Fuzz;

/// <summary>
/// Reads a stream as a connection would, in given pieces: answers one after another, or a single chunked body. Takes down what it
/// understood, and holds the codec to its word on the way: nothing is consumed that was not there, nothing lies outside what was consumed.
/// </summary>
internal sealed class AnswerReader
{
    private readonly CodecLimits _limits;
    private readonly ResponseHeadParser _parser;
    private readonly FieldList _trailers;
    private ChunkedDecoder _decoder;
    private Phase _phase;
    private long _left;
    private int _at;

    public AnswerReader(CodecLimits limits)
    {
        _limits = limits;
        _parser = new(limits);
        _trailers = new(limits.MaxFields);
    }

    private enum Phase
    {
        Head,
        Length,
        Chunked,
        UntilClose,
        Broken,
        Finished,
    }

    /// <summary>What was understood by the last reading.</summary>
    public Transcript Transcript { get; } = new();

    /// <summary>What made the last reading stop, if anything did.</summary>
    public CodecFault Fault { get; private set; }

    /// <param name="cuts">Where pieces end, ascending; the last piece ends with the stream.</param>
    /// <param name="requestIsHead">Whether the answers are to HEAD.</param>
    public void ReadAnswers(ReadOnlySpan<byte> stream, ReadOnlySpan<int> cuts, bool requestIsHead = false) =>
        Read(stream, cuts, Phase.Head, requestIsHead);

    /// <inheritdoc cref="ReadAnswers"/>
    public void ReadChunked(ReadOnlySpan<byte> stream, ReadOnlySpan<int> cuts) => Read(stream, cuts, Phase.Chunked, false);

    private void Read(ReadOnlySpan<byte> stream, ReadOnlySpan<int> cuts, Phase first, bool requestIsHead)
    {
        Transcript.Clear();
        _parser.Reset();
        _decoder = new(_limits, _trailers);
        (_phase, _at, Fault) = (first, 0, CodecFault.None);
        foreach (var cut in cuts)
        {
            ReadPiece(stream[..cut], first, requestIsHead);
        }

        ReadPiece(stream, first, requestIsHead);
        Transcript.Line("phase"u8, (int)_phase);
        if (_phase != Phase.Broken)
        {
            Transcript.Line("at"u8, _at);
        }
    }

    private void ReadPiece(ReadOnlySpan<byte> available, Phase first, bool requestIsHead)
    {
        var goesOn = true;
        while (goesOn)
        {
            var input = available[_at..];
            goesOn = _phase switch
            {
                Phase.Head => !input.IsEmpty && ReadHead(input, requestIsHead),
                Phase.Length => !input.IsEmpty && ReadLength(input),
                Phase.Chunked => ReadChunk(input, first),
                Phase.UntilClose => !input.IsEmpty && ReadRest(input),
                _ => false,
            };
        }
    }

    private bool ReadHead(ReadOnlySpan<byte> input, bool requestIsHead)
    {
        var result = _parser.Parse(input);
        if (result.State == HeadState.Malformed)
        {
            return Break(result.Fault);
        }

        Require(result.Consumed <= input.Length && (result.State == HeadState.Done) == result.Consumed > 0, "consumed of a head");
        if (result.State == HeadState.NeedMore)
        {
            return false;
        }

        Require(result.Consumed <= _limits.MaxHead && _parser.Head.Fields.Count <= _limits.MaxFields, "limits of a head");
        Transcript.Head(_parser.Head, input[..result.Consumed], requestIsHead);
        _at += result.Consumed;
        var framing = _parser.Head.FramingOf(requestIsHead);
        _left = framing.Bytes;
        _decoder = new(_limits, _trailers);
        _phase = framing.Kind switch
        {
            BodyKind.None => Phase.Head,
            BodyKind.Length => Phase.Length,
            BodyKind.Chunked => Phase.Chunked,
            _ => Phase.UntilClose,
        };
        return true;
    }

    private bool ReadLength(ReadOnlySpan<byte> input)
    {
        var length = (int)Math.Min(_left, input.Length);
        _left -= length;
        _phase = _left == 0 ? Phase.Head : Phase.Length;
        return ReadPayload(input[..length]);
    }

    private bool ReadRest(ReadOnlySpan<byte> input) => ReadPayload(input);

    private bool ReadPayload(ReadOnlySpan<byte> payload)
    {
        Transcript.Payload(payload);
        _at += payload.Length;
        return true;
    }

    private bool ReadChunk(ReadOnlySpan<byte> input, Phase first)
    {
        var step = _decoder.Next(input);
        if (step.State == ChunkState.Malformed)
        {
            return Break(step.Fault);
        }

        Require(step.Consumed >= step.Start + step.Length && step.Consumed <= input.Length, "consumed of a chunk");
        _at += step.Consumed;
        switch (step.State)
        {
            case ChunkState.Payload:
                Require(step.Length > 0, "empty payload");
                Transcript.Payload(input.Slice(step.Start, step.Length));
                return true;
            case ChunkState.End:
                Require(step.Length <= _limits.MaxTrailers, "limits of trailers");
                Transcript.Line("trailers"u8, _trailers.Count);
                Transcript.Fields(_trailers, input.Slice(step.Start, step.Length));
                _phase = first == Phase.Chunked ? Phase.Finished : Phase.Head;
                return true;
            default:
                Require(input.Length - step.Consumed < _limits.MaxTrailers, "unconsumed trailers");
                return false;
        }
    }

    private bool Break(CodecFault fault)
    {
        Require(fault != CodecFault.None, "a fault without a reason");
        Transcript.Fault(fault);
        Fault = fault;
        _phase = Phase.Broken;
        return false;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"broken promise: {what}");
        }
    }
}
