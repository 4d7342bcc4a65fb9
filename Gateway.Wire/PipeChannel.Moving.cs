namespace Gateway.Wire;

/// <summary>Moving to another loop: cancels the pending read first; if it still returned data, the connection ends.</summary>
internal sealed partial class PipeChannel
{
    private EventLoop? _target;
    private Action<Channel?>? _arrived;

    public override bool HasUnread => _isTakingPart || HasReceived;

    private bool HasReceived => _hasRead && (_read.IsCompleted || !_read.Buffer.IsEmpty);

    public override void MoveTo(EventLoop target, Action<Channel?> arrived)
    {
        (_target, _arrived) = (target, arrived);
        Loop.Wheel.Remove(this);
        if (_reading.IsPending)
        {
            _input.CancelPendingRead();
        }
        else
        {
            Loop.Post(_onMoving); // Until this call returns, the latest received data may be in use, and the pipe allows only one read at a time.
        }
    }

    private void Move()
    {
        if (_closed)
        {
            return;
        }

        var (target, arrived) = (_target!, _arrived!);
        if (_isBroken || _ended || HasReceived || Backlog > 0)
        {
            Close();
            target.Post(() => arrived(null));
            return;
        }

        if (_hasRead)
        {
            _input.AdvanceTo(_read.Buffer.End);
        }

        var connection = _connection!;
        _connection = null; // The connection outlives this channel.
        Close();
        target.Post(() => arrived(target.Adopt(connection)));
    }
}
