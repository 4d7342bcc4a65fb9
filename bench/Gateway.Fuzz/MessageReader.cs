using Gateway.Http;

namespace Gateway.Fuzz;

/// <summary>
/// Reads a stream as a connection would, in given pieces: a sequence of requests or answers, or a single chunked body. Records what it read, and checks the
/// parsers on the way: they must not take more than was there, or refer outside of it.
/// </summary>
internal sealed class MessageReader(HttpLimits limits)
{
    private readonly RequestHead _request = new(limits);
    private readonly ResponseHead _answer = new(limits);
    private readonly FieldSection _trailers = new(limits.MaxFields, mayRepeatLength: true);
    private readonly List<byte> _section = [];
    private BodyReader _body;
    private Phase _phase;
    private int _at;

    private enum Phase
    {
        Head,
        Body,
        Broken,
        Finished,
    }

    /// <summary>The result of the last reading.</summary>
    public Transcript Transcript { get; } = new();

    /// <summary>The fault that stopped the last reading, if any.</summary>
    public HttpFault Fault { get; private set; }

    /// <param name="cuts">The ends of pieces, ascending; the last piece ends with the stream.</param>
    /// <param name="toHead">Whether answers are to HEAD.</param>
    public void Read(MessageKind kind, ReadOnlySpan<byte> stream, ReadOnlySpan<int> cuts, bool toHead = false)
    {
        Transcript.Clear();
        (_phase, _at, Fault) = (kind == MessageKind.Chunked ? Phase.Body : Phase.Head, 0, HttpFault.None);
        BeginBody(BodyReader.Chunked(limits));
        foreach (var cut in cuts)
        {
            ReadPiece(kind, stream[..cut], toHead);
        }

        ReadPiece(kind, stream, toHead);
        Transcript.Line("phase"u8, (int)_phase);
        if (_phase != Phase.Broken)
        {
            Transcript.Line("at"u8, _at);
        }
    }

    private void ReadPiece(MessageKind kind, ReadOnlySpan<byte> available, bool toHead)
    {
        var goesOn = true;
        while (goesOn)
        {
            var input = available[_at..];
            goesOn = _phase switch
            {
                Phase.Head when input.IsEmpty => false,
                Phase.Head => kind == MessageKind.Requests ? ReadRequest(input) : ReadAnswer(input, toHead),
                Phase.Body => ReadBody(input, kind),
                _ => false,
            };
        }
    }

    private bool ReadRequest(ReadOnlySpan<byte> input)
    {
        if (!IsCompleteHead(_request.Parse(input), _request.Fault, _request.Length, input.Length, _request.Fields))
        {
            return false;
        }

        var head = input[.._request.Length];
        Require(_request.TargetStart + _request.TargetLength < _request.FieldsStart, "the target's place");
        Transcript.Head(_request, head);
        Begin(_request.Length, _request.Body);
        return true;
    }

    private bool ReadAnswer(ReadOnlySpan<byte> input, bool toHead)
    {
        if (!IsCompleteHead(_answer.Parse(input), _answer.Fault, _answer.Length, input.Length, _answer.Fields))
        {
            return false;
        }

        Transcript.Head(_answer, input[.._answer.Length]);
        Begin(_answer.Length, _answer.BodyOf(toHead));
        return true;
    }

    /// <summary>Whether a head is complete.</summary>
    private bool IsCompleteHead(HeadState state, HttpFault fault, int length, int available, FieldSection fields)
    {
        if (state == HeadState.Faulty)
        {
            return Break(fault);
        }

        Require(fault == HttpFault.None, "a fault of a head that is not faulty");
        Require((state == HeadState.Complete) == length > 0 && length <= Math.Min(available, limits.MaxHead), "the length of a head");
        Require(fields.Count <= limits.MaxFields, "the fields of a head");
        return state == HeadState.Complete;
    }

    private void Begin(int head, BodyReader body)
    {
        _at += head;
        BeginBody(body);
        _phase = Phase.Body;
    }

    private void BeginBody(BodyReader body)
    {
        _body = body;
        _section.Clear();
    }

    private bool ReadBody(ReadOnlySpan<byte> input, MessageKind kind)
    {
        var before = _body.Payload;
        var taken = 0;
        if (_body.Kind == BodyKind.Chunked && !_body.IsAtTrailers)
        {
            taken = ReadChunks(input);
        }
        else if (!_body.IsDone && !_body.IsAtTrailers)
        {
            taken = _body.Take(input);
            Require(_body.Payload - before == taken, "the payload of a body without chunks");
            Transcript.Payload(input[..taken]);
        }

        if (_body.Fault == HttpFault.None && _body.IsAtTrailers)
        {
            var trailers = _body.TakeTrailers(input[taken..]);
            _section.AddRange(input.Slice(taken, trailers));
            taken += trailers;
        }

        Require(taken <= input.Length, "taken of a body");
        _at += taken;
        return _body.Fault != HttpFault.None ? Break(_body.Fault) : _body.IsDone ? End(kind) : taken > 0;
    }

    private int ReadChunks(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (!_body.IsAtTrailers && _body.Fault == HttpFault.None && taken < input.Length)
        {
            var step = _body.TakeChunk(input[taken..], out var payload);
            Require(step > 0 || _body.Fault != HttpFault.None, "a step that takes nothing");
            Transcript.Payload(payload);
            taken += step;
        }

        return taken;
    }

    private bool End(MessageKind kind)
    {
        if (_section.Count > 0)
        {
            Require(_section.Count <= limits.MaxTrailers + 2, "limits of trailers");
            _trailers.Clear();
            var section = _section.ToArray();
            var fault = _trailers.Parse(section, 0, out _);
            Transcript.Line("trailers"u8, fault == HttpFault.None ? _trailers.Count : -1);
            Transcript.Fields(fault == HttpFault.None ? _trailers.All : [], section);
        }

        _phase = kind == MessageKind.Chunked ? Phase.Finished : Phase.Head;
        return true;
    }

    private bool Break(HttpFault fault)
    {
        Require(fault != HttpFault.None, "a fault without a reason");
        Transcript.Line("malformed"u8, (int)fault);
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
