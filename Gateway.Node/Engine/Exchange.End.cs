using Gateway.Core.Outcomes;
using Gateway.Http;
using Gateway.Node.Metrics;

namespace Gateway.Node.Engine;

/// <summary>How an attempt and the exchange end: once each.</summary>
internal sealed partial class Exchange
{
    private AttemptReport ReportOf(AttemptEnd end) => new(
        end, _answer.Status, _sentAt != 0, _sentAt == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(_loop.Wire.Now - _sentAt))
    { Grpc = _callStatus };

    private void AfterBytes(bool clear)
    {
        if (_answer.HasBegun)
        {
            FreeHead();
        }

        if (_answer.Fault != HttpFault.None)
        {
            EndAttempt(ReportOf(AttemptEnd.BodyBroken) with { Detail = HttpFaults.TextOf(_answer.Fault) });
        }
        else if (_answer.IsDone)
        {
            Finish();
        }
        else
        {
            if (!clear)
            {
                _backend!.Channel.Pause();
                _pace.Block(_loop.Wire.Now, _client.Channel.Backlog, _client.Channel.Untaken);
            }

            SetDeadline();
        }
    }

    /// <summary>Ends the exchange with a complete answer.</summary>
    private void Finish()
    {
        var backend = _backend!;
        _backend = null;
        if (_answer.KeepsConnection && _upload.IsSent)
        {
            backend.Return(_attempts.Settings.Connections, _answer.KeptFor);
        }
        else
        {
            backend.CloseReleasing();
        }

        _callStatus ??= _call.IsCall ? _answer.CallStatus : null;
        RecordAttemptEnd(AttemptEnd.Answered, _answer.Status);
        _attempts.Conclude(ReportOf(AttemptEnd.Answered), _upload.State, answerBegun: true, _loop.Now);
        Over(_answer.Status);
    }

    /// <summary>Discards an answer that another attempt replaces.</summary>
    private void Discard(ResponseHead head, BodyReader body, ReadOnlySpan<byte> rest)
    {
        var backend = _backend!;
        _backend = null;
        if (head.IsPersistent && _upload.IsSent && body.Kind != BodyKind.UntilClose)
        {
            backend.Drain(body, rest, _attempts.Settings.Connections);
        }
        else
        {
            backend.CloseReleasing();
        }

        RecordAttemptEnd(AttemptEnd.Discarded, head.Status);
        _attempts.Conclude(new AttemptReport(AttemptEnd.Discarded, head.Status, _sentAt != 0), _upload.State, answerBegun: false, _loop.Now);
        Schedule();
    }

    /// <summary>Ends an attempt that failed or was given up: another follows, or the exchange ends.</summary>
    /// <param name="status">The status for the client of a gRPC call whose answer has begun; null: the one that fits the end.</param>
    private void EndAttempt(in AttemptReport report, GrpcStatus? status = null)
    {
        if (_backend is { } backend)
        {
            _backend = null;
            backend.GiveUp(report.Waited);
        }

        if (_wait is { } wait)
        {
            EndWait();
            _loop.PoolOf(_attempts.Cell).Counts.Leave(wait);
        }

        RecordAttemptEnd(report.End, _answer.Status);
        var begun = _answer.HasBegun;
        if (_attempts.Conclude(report, _upload.State, begun, _loop.Now))
        {
            Schedule();
        }
        else if (begun)
        {
            Over(_answer.Status, _answer.BodyBytes, _attempts.Backend!, CutOf(report.End, status));
        }
        else if (report.End == AttemptEnd.ClientGone)
        {
            Over(ClientClosedRequest);
        }
        else
        {
            Refuse(Problem.Of(report), _attempts.Backend);
        }
    }

    private void Schedule()
    {
        if (_attempts.NextDelay <= TimeSpan.Zero)
        {
            Next();
            return;
        }

        _stage = Stage.Backoff;
        PauseBody();
        _client.Channel.Deadline = _loop.Wire.Now + Milliseconds(_attempts.NextDelay);
    }

    private void Next()
    {
        _answer.Clear();
        _callStatus = null;
        _upload.Rewind();
        _attempts.Next(_loop.Now);
        Send([]);
    }

    private void OnWaitTimedOut()
    {
        var cell = _attempts.Cell;
        _loop.PoolOf(cell).Counts.TimedOut();
        EndAttempt(new AttemptReport(AttemptEnd.Saturated, Detail: "no connection became free in time"));
    }

    private void OnTimeout(long now)
    {
        if (_call.HasPassed(now))
        {
            EndAttempt(ReportOf(AttemptEnd.DeadlinePassed));
        }
        else if (now >= _requestDeadline)
        {
            var isClientAwaited = _sentAt == 0 && !_upload.IsReceived && _backend is { IsConnecting: false, Channel.Backlog: 0 };
            EndAttempt(isClientAwaited
                ? ReportOf(AttemptEnd.BadRequestBody) with { Status = StatusCodes.Status408RequestTimeout }
                : ReportOf(AttemptEnd.RequestTimeout));
        }
        else if (_sentAt != 0 && now >= _sentAt + Milliseconds(_attempts.Settings.Timeouts.EffectiveTry))
        {
            EndAttempt(ReportOf(AttemptEnd.TryTimeout));
        }
        else
        {
            SetDeadline();
        }
    }

    /// <summary>
    /// Ends the exchange of a client that sends its body or takes its answer below the minimum rate. False if it is fast enough. Once the backend has begun to
    /// answer, a body may be a conversation with pauses: only the idle timeout ends it.
    /// </summary>
    private bool EndIfTooSlow(long now)
    {
        if (_upload.IsReceived || _answer.HasBegun)
        {
            _pace.StopAwaitingBody();
        }

        if (_pace.IsTakingDue(now) && _pace.TakesTooSlowly(now, _client.Channel.Untaken))
        {
            _record?.SetReason("client-too-slow");
            EndAttempt(ReportOf(AttemptEnd.BodyAbandoned));
            return true;
        }

        if (_pace.SendsTooSlowly(now, _upload.Bytes))
        {
            _record?.SetReason("client-too-slow");
            EndAttempt(ReportOf(AttemptEnd.BadRequestBody) with { Status = StatusCodes.Status408RequestTimeout });
            return true;
        }

        return false;
    }

    /// <summary>
    /// Called when nothing has moved either way for the idle timeout. It is the client's fault if it takes no more, or has yet to send what the backend waits
    /// for.
    /// </summary>
    private void OnIdle()
    {
        if (_pace.HasTaken(_client.Channel.Untaken))
        {
            _active = _loop.Wire.Now;
            SetDeadline();
            return;
        }

        _record?.SetReason("idle-timeout");
        var waitsForClient = _client.Channel.Backlog > 0 || _stage == Stage.Tunnel || (!_upload.IsReceived && _backend!.Channel.Backlog == 0);
        EndAttempt(ReportOf(waitsForClient ? AttemptEnd.BodyAbandoned : AttemptEnd.BodyBroken), _call.IsCall ? GrpcStatus.Unavailable : null);
    }

    private void OnBadBody()
    {
        var fault = _upload.Fault;
        var status = StatusCodes.Status413PayloadTooLarge;
        if (fault != HttpFault.None)
        {
            status = HttpFaults.StatusOf(fault);
            _loop.Context.Metrics.RequestMalformed(HttpFaults.NameOf(fault));
        }

        _client.CloseAfterThis();
        EndAttempt(ReportOf(_answer.HasBegun ? AttemptEnd.BodyAbandoned : AttemptEnd.BadRequestBody) with { Status = status, Detail = HttpFaults.TextOf(fault) });
    }

    /// <summary>Answers with a problem document, in place of a backend.</summary>
    private void Refuse(Problem problem, EndpointMetrics? backend)
    {
        if (!_upload.IsReceived)
        {
            _client.CloseAfterThis(); // The rest of the body cannot be told from the next request.
        }

        _record?.Refused(problem.Status, problem.Reason ?? problem.Error);
        var length = _client.Answers.Problem(problem, _settings.GatewayId, _method == "HEAD");
        Over(problem.Status, length, backend ?? _loop.Context.Metrics.OfNone(_pool.Name));
    }

    private void Over(int status) => Over(status, _answer.BodyBytes, _attempts.Backend!);

    /// <summary>The exchange has ended, whatever the way: nothing of it is held any more, and it is counted.</summary>
    /// <param name="cut">How an answer that has begun was cut short.</param>
    private void Over(int status, long answerBytes, EndpointMetrics backend, AnswerCut cut = AnswerCut.None)
    {
        if (!_open)
        {
            throw new InvalidOperationException("an exchange ended twice");
        }

        LeavePlaceUnanswered(status);
        LeaveCopy();
        _attempts.End();
        FreeHead();
        var (requestBytes, rest) = (_upload.Bytes, _upload.Rest);
        _upload.Clear(Blocks);
        _answer.End();
        _stage = Stage.None;
        _open = false;
        _loop.Wire.Exchanges--;
        if (_tunnel is not null)
        {
            _tunnel = null;
            _loop.TunnelClosed();
        }

        var metrics = _loop.Context.Metrics;
        var duration = _loop.Context.Clock.GetElapsedTime(_begun, _loop.Wire.Timestamp);
        backend.Of(_method).Ended(status, duration, requestBytes, answerBytes);
        CountRoute(backend, status, duration, (cut & AnswerCut.ByBackend) != 0);
        metrics.RequestEnded();
        RecordEnd(status, requestBytes, answerBytes, cut != AnswerCut.None);
        if ((cut & (AnswerCut.Short | AnswerCut.Announced)) == AnswerCut.Short)
        {
            _client.Abort(); // Tells the client that its answer is incomplete.
        }
        else
        {
            _client.OnOver(rest);
        }
    }

    private void FreeHead()
    {
        if (_head is { } head)
        {
            _head = null;
            Blocks.Return(head);
        }
    }
}
