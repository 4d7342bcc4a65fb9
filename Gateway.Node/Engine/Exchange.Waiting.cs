namespace Gateway.Node.Engine;

/// <summary>Which side is waited for, and until when.</summary>
internal sealed partial class Exchange
{
    private void ResumeBody()
    {
        _client.Channel.Resume();
        if (!_upload.IsReceived && _continueAt == 0)
        {
            AwaitBody();
        }
    }

    /// <summary>
    /// Waits for the body at the minimum rate. Not for a gRPC call: its messages may come at any time, and its backend may stay silent until the last of them.
    /// </summary>
    private void AwaitBody()
    {
        if (!_call.IsCall)
        {
            _pace.AwaitBody(_loop.Wire.Now, _upload.Bytes);
        }
    }

    private void PauseBody()
    {
        _pace.StopAwaitingBody();
        if (!_upload.IsReceived || _stage == Stage.Tunnel)
        {
            _client.Channel.Pause();
        }
    }

    private void CheckSent()
    {
        if (_sentAt == 0 && _upload.IsSent && _backend!.Channel.Backlog == 0)
        {
            _sentAt = _loop.Wire.Now;
        }

        SetDeadline();
    }

    private void SetDeadline()
    {
        var deadline = _stage switch
        {
            Stage.Waiting => _requestDeadline,
            Stage.Sending => Math.Min(_requestDeadline, _sentAt == 0 ? long.MaxValue : _sentAt + Milliseconds(_attempts.Settings.Timeouts.EffectiveTry)),
            Stage.Answering when _answer.IsHeld => _active + HeldMilliseconds,
            _ => BoundByCall(_active + IdleMilliseconds),
        };
        if (_stage == Stage.Sending && _continueAt != 0)
        {
            deadline = Math.Min(deadline, _continueAt);
        }

        if (_stage is Stage.Sending or Stage.Answering)
        {
            deadline = Math.Min(deadline, _pace.Deadline);
        }

        _client.Channel.Deadline = deadline;
    }
}
