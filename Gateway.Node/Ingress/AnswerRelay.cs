using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Gateway.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// Reads the engine's answers from a conversation and passes them to Kestrel: head, body and trailers as they arrive, and no faster than the client takes them.
/// One per Kestrel connection or stream, reused for its requests.
/// </summary>
internal sealed class AnswerRelay
{
    /// <summary>The limits of heads and trailers that the engine writes.</summary>
    private static readonly HttpLimits Limits = new() { MaxHead = 128 * 1024, MaxFields = 2048, MaxTrailers = 16 * 1024 };

    private static ReadOnlySpan<byte> Accept => "sec-websocket-accept"u8;

    private readonly ResponseHead _head = new(Limits);
    private readonly FieldSection _trailers = new(Limits.MaxFields, mayRepeatLength: true);
    private readonly ArrayBufferWriter<byte> _section = new(256);
    private HttpContext _context = null!;
    private BodyReader _body;
    private bool _closes;
    private bool _headDone;
    private bool _isFaulty;
    private string? _accept;
    private bool _hasSwitched;

    /// <summary>Whether another answer may follow in the same conversation.</summary>
    public bool IsPersistent => _head.IsPersistent && _body.Kind != BodyKind.UntilClose;

    /// <param name="closes">Whether the client is told that its connection takes no more requests.</param>
    /// <param name="continued">Completed when the engine asks for the body; null if the client does not wait for that.</param>
    /// <param name="accept">The required <c>Sec-WebSocket-Accept</c> if a WebSocket was requested; null otherwise.</param>
    public async Task<AnswerEnd> RunAsync(PipeReader from, HttpContext context, bool closes, TaskCompletionSource? continued, string? accept = null)
    {
        (_context, _closes, _headDone, _isFaulty, _body) = (context, closes, false, false, BodyReader.None);
        (_accept, _hasSwitched) = (accept, false);
        _section.ResetWrittenCount();
        try
        {
            return await PassAsync(from, continued);
        }
        catch (IOException)
        {
            return AnswerEnd.Broken; // The engine has reset its end of the conversation.
        }
        catch (OperationCanceledException)
        {
            return AnswerEnd.ClientGone; // Kestrel takes no more of the answer.
        }
    }

    private async Task<AnswerEnd> PassAsync(PipeReader from, TaskCompletionSource? continued)
    {
        while (true)
        {
            var read = await from.ReadAsync();
            if (read.IsCanceled)
            {
                return AnswerEnd.ClientGone;
            }

            var taken = Take(read.Buffer, continued);
            from.AdvanceTo(read.Buffer.GetPosition(taken), read.Buffer.GetPosition(_hasSwitched ? taken : read.Buffer.Length));
            if (_isFaulty)
            {
                return AnswerEnd.Broken;
            }

            if (_hasSwitched)
            {
                return AnswerEnd.Switched;
            }

            if (_headDone && _body.IsDone)
            {
                return AnswerEnd.Complete;
            }

            if (read.IsCompleted)
            {
                return _headDone && _body.End() ? AnswerEnd.Complete : AnswerEnd.Broken;
            }

            if (_headDone && await _context.Response.BodyWriter.FlushAsync() is { IsCompleted: true } or { IsCanceled: true })
            {
                return AnswerEnd.ClientGone;
            }
        }
    }

    /// <summary>Processes received bytes; returns the number used.</summary>
    private long Take(in ReadOnlySequence<byte> bytes, TaskCompletionSource? continued)
    {
        long taken = 0;
        while (!_headDone)
        {
            var length = TakeHead(bytes.Slice(taken), continued);
            if (length == 0)
            {
                return taken;
            }

            taken += length;
        }

        foreach (var stretch in _hasSwitched || _isFaulty ? ReadOnlySequence<byte>.Empty : bytes.Slice(taken))
        {
            taken += TakeBody(stretch.Span);
        }

        return taken;
    }

    /// <summary>Takes a head; returns its length, 0 if incomplete.</summary>
    private int TakeHead(in ReadOnlySequence<byte> bytes, TaskCompletionSource? continued)
    {
        if (bytes.IsSingleSegment)
        {
            return TakeHead(bytes.FirstSpan, continued);
        }

        var length = (int)Math.Min(bytes.Length, Limits.MaxHead);
        var whole = ArrayPool<byte>.Shared.Rent(length);
        bytes.Slice(0, length).CopyTo(whole);
        var taken = TakeHead(whole.AsSpan(0, length), continued);
        ArrayPool<byte>.Shared.Return(whole);
        return taken;
    }

    private int TakeHead(ReadOnlySpan<byte> bytes, TaskCompletionSource? continued)
    {
        var state = _head.Parse(bytes);
        _isFaulty |= state == HeadState.Faulty;
        if (state != HeadState.Complete)
        {
            return 0;
        }

        if (_head.Status == StatusCodes.Status100Continue)
        {
            continued?.TrySetResult();
        }

        if (!_head.IsInterim) // Kestrel can only send 100, and sends that by itself.
        {
            Begin(bytes);
        }

        return _head.Length;
    }

    private void Begin(ReadOnlySpan<byte> bytes)
    {
        _headDone = true;
        _body = _head.BodyOf(HttpMethods.IsHead(_context.Request.Method));
        var response = _context.Response;
        if (_accept is not null && IsInvalidConnectAnswer(bytes))
        {
            _isFaulty = true;
            return;
        }

        response.StatusCode = _hasSwitched ? StatusCodes.Status200OK : _head.Status;
        foreach (ref readonly var field in _head.Fields.All)
        {
            if (field.Name == FieldName.ContentLength)
            {
                response.ContentLength = _head.Fields.ContentLength == 0 && _head.Fields.Has(FieldName.GrpcStatus) ? null : _head.Fields.ContentLength; // Trailers only: Kestrel ends the stream with them.
            }
            else if (!field.IsDropped && !(_hasSwitched && Ascii.EqualsIgnoreCase(field.NameIn(bytes), Accept)))
            {
                response.Headers.Append(FieldNameTexts.Of(field.NameIn(bytes)), Encoding.Latin1.GetString(field.ValueIn(bytes)));
            }
        }

        if (_closes || (_head.Fields.Connection.Close && !HttpProtocol.IsHttp2(_context.Request.Protocol)))
        {
            response.Headers.Connection = "close";
        }
    }

    /// <summary>
    /// Notes a switch. Returns whether the answer must not reach the client, which takes any success for the tunnel: a switch with a wrong key, or a success
    /// without a switch.
    /// </summary>
    private bool IsInvalidConnectAnswer(ReadOnlySpan<byte> bytes)
    {
        if (_head.Status != StatusCodes.Status101SwitchingProtocols)
        {
            return _head.Status < StatusCodes.Status300MultipleChoices;
        }

        foreach (ref readonly var field in _head.Fields.All)
        {
            if (Ascii.EqualsIgnoreCase(field.NameIn(bytes), Accept))
            {
                _hasSwitched = Ascii.Equals(field.ValueIn(bytes), _accept);
            }
        }

        return !_hasSwitched;
    }

    private int TakeBody(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        if (_body.Kind != BodyKind.Chunked)
        {
            taken = _body.Take(bytes);
            Write(bytes[..taken]);
            return taken;
        }

        while (taken < bytes.Length && !_body.IsAtTrailers && !_body.IsDone && _body.Fault == HttpFault.None)
        {
            taken += _body.TakeChunk(bytes[taken..], out var payload);
            Write(payload);
        }

        if (_body.IsAtTrailers)
        {
            var length = _body.TakeTrailers(bytes[taken..]);
            _section.Write(bytes.Slice(taken, length));
            taken += length;
            if (_body.IsDone)
            {
                GiveTrailers();
            }
        }

        _isFaulty |= _body.Fault != HttpFault.None;
        return taken;
    }

    private void GiveTrailers()
    {
        _trailers.Clear();
        var section = _section.WrittenSpan;
        if (section.Length > 2 && _trailers.Parse(section, 0, out _) == HttpFault.None &&
            _context.Features.Get<IHttpResponseTrailersFeature>() is { } feature && _context.Response.SupportsTrailers())
        {
            foreach (ref readonly var field in _trailers.All)
            {
                feature.Trailers.Append(FieldNameTexts.Of(field.NameIn(section)), Encoding.Latin1.GetString(field.ValueIn(section)));
            }
        }
    }

    private void Write(ReadOnlySpan<byte> payload)
    {
        if (!payload.IsEmpty)
        {
            _context.Response.BodyWriter.Write(payload);
        }
    }
}
