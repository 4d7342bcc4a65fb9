using System.Text;
using Gateway.Core.Outcomes;
using Gateway.Http;

namespace Gateway.Node.Engine;

/// <summary>Input from the backend: interim answers, the head, the body, the end of the connection.</summary>
internal sealed partial class Exchange
{
    /// <summary>
    /// How long a head waits for the first bytes of its body: many servers write the two separately. The timer wheel rounds it to a tick or two.
    /// </summary>
    private const int HeldMilliseconds = 3;

    private static ReadOnlySpan<byte> EventStream => "text/event-stream"u8;

    /// <summary>Called with an interim answer. False if it ended the exchange.</summary>
    public bool OnInterim(ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        _interim += head.Length;
        if (_interim > _loop.Context.Limits.MaxInterim)
        {
            OnMalformed(HttpFault.TooMuchInterim);
            return false;
        }

        if (head.Status == 100)
        {
            SendContinue();
            return true;
        }

        if (head.Status == 103)
        {
            _answer.Interim(head, bytes, _isHttp11);
        }

        return true;
    }

    /// <summary>Called with the head of the final answer, and perhaps some of its body.</summary>
    public void OnHead(ResponseHead head, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest)
    {
        _record?.Headed(head.Status, _loop.Wire.Timestamp);
        if (head.Status == 101 && !_isWebSocket)
        {
            OnMalformed(HttpFault.BadStatusLine); // No switch was requested.
            return;
        }

        if (head.Fields.Count > _attempts.Settings.Connections.MaxAnswerFields)
        {
            OnMalformed(HttpFault.TooManyFields);
            return;
        }

        var body = head.BodyOf(_method == "HEAD");
        var trial = body;
        var taken = trial.Take(rest);
        if (trial.IsAtTrailers)
        {
            taken += trial.TakeTrailers(rest[taken..]);
        }

        var isBad = trial.Fault != HttpFault.None || (head.Status == StatusCodes.Status205ResetContent && trial.Payload > 0);
        if (isBad && !_attempts.Settings.Retry.Statuses.Contains(head.Status))
        {
            OnMalformed(trial.Fault != HttpFault.None ? trial.Fault : HttpFault.BodyNotAllowed); // Nothing was sent: an error, not a broken connection.
            return;
        }

        _callStatus = trial.IsDone && trial.Payload == 0 ? CallStatusOf(head, bytes) : null;
        if (!_attempts.PassOn(head.Status, _callStatus, _sentAt != 0, RetryAfterOf(head, bytes), _upload.State, _loop.Now))
        {
            Discard(head, body, rest);
            return;
        }

        LeavePlace(head.Status);
        var unasked = _continueAt != 0 && !_upload.IsReceived; // The body may never come.
        _continueAt = 0;
        _active = _loop.Wire.Now;
        _answer.Cookie = _affinity is null || _attempts.Cell == _affine?.Cell ? null : _affinity.LineFor(_pool, _attempts.Cell);
        if (head.Status == 101)
        {
            (_stage, _tunnel) = (Stage.Tunnel, new Tunnel());
            _loop.TunnelOpened();
            _tunnel.FollowToClient(rest);
            FreeHead();
            _answer.Switch(head, bytes, rest);
            SetDeadline();
            return;
        }

        _stage = Stage.Answering;
        var framing = FramingOf(head, bytes, unasked);
        if (body.Kind == BodyKind.Chunked && trial.IsDone && trial.Payload == 0 && !head.Fields.Has(FieldName.Trailer) && !_answer.AcceptsTrailers)
        {
            rest = rest[taken..];
            (body, framing) = (BodyReader.None, framing | AnswerFraming.Empty);
        }

        AfterBytes(_answer.Begin(head, bytes, body, rest, framing));
    }

    /// <param name="unasked">The client still owes a body that it was not asked for.</param>
    private AnswerFraming FramingOf(ResponseHead head, ReadOnlySpan<byte> bytes, bool unasked) =>
        (_client.ClosesAfterThis || unasked ? AnswerFraming.Closes : 0)
        | (_isHttp11 ? 0 : AnswerFraming.ToHttp10)
        | (_backend!.IsStream ? AnswerFraming.FromHttp2 : 0)
        | (_upload.IsSent && !IsEventStream(head, bytes) ? AnswerFraming.MayHoldHead : 0);

    public void OnAnswerBytes(ReadOnlySpan<byte> bytes)
    {
        _active = _loop.Wire.Now;
        if (_tunnel is { } tunnel)
        {
            tunnel.FollowToClient(bytes);
            bytes = tunnel.HasGoneAway ? [] : bytes;
        }

        AfterBytes(_answer.Pass(bytes));
    }

    /// <summary>Whether the answer is an event stream: its client waits to learn that it is connected.</summary>
    private static bool IsEventStream(ResponseHead head, ReadOnlySpan<byte> bytes) =>
        head.Fields.IndexOf(FieldName.ContentType) is >= 0 and var i && head.Fields.All[i].ValueIn(bytes) is var type &&
        type.Length >= EventStream.Length && Ascii.EqualsIgnoreCase(type[..EventStream.Length], EventStream);

    public void OnMalformed(HttpFault fault) =>
        EndAttempt(ReportOf(AttemptEnd.Malformed) with { Detail = HttpFaults.TextOf(fault) });

    /// <summary>Called when the backend has closed the connection, or it broke.</summary>
    public void OnBackendEnded(int error)
    {
        if (_tunnel is { } tunnel && error == 0 && (_client.HasEnded || tunnel.IsCompleteToClient(_backend!.Channel)))
        {
            _client.Channel.EndSending();
            _answer.EndTunnel();
            if (_client.HasEnded)
            {
                Finish();
            }

            return;
        }

        if (_stage == Stage.Answering && error == 0 && !_backend!.Channel.IsCutShort && _answer.EndsWithConnection())
        {
            Finish();
            return;
        }

        var stale = _stage == Stage.Sending && _backend!.IsUsed && !_backend.HasReceived;
        EndAttempt(ReportOf(_answer.HasBegun ? AttemptEnd.BodyBroken : AttemptEnd.Broken) with { Stale = stale });
    }

    /// <summary>Called when the stream has ended without a complete answer.</summary>
    /// <param name="fault">The kind of end, without what only this side knows.</param>
    public void OnStreamEnded(in AttemptReport fault) =>
        EndAttempt(ReportOf(_answer.HasBegun ? AttemptEnd.BodyBroken : fault.End) with { Stale = fault.Stale, Tls = fault.Tls, Detail = fault.Detail });

    private static TimeSpan? RetryAfterOf(ResponseHead head, ReadOnlySpan<byte> bytes) =>
        head.Fields.IndexOf(FieldName.RetryAfter) is >= 0 and var i &&
        System.Buffers.Text.Utf8Parser.TryParse(head.Fields.All[i].ValueIn(bytes), out int seconds, out var used) && used == head.Fields.All[i].ValueLength
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private void SendContinue()
    {
        if (_continueAt != 0)
        {
            _continueAt = 0;
            _client.Channel.Send("HTTP/1.1 100 Continue\r\n\r\n"u8);
            AwaitBody();
        }
    }
}
