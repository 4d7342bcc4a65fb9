namespace Gateway.Wire;

/// <summary>Moving to another loop: the read that waits is called off first, and what it has brought all the same ends the connection.</summary>
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
            Loop.Post(_onMoving); // What was received last may be in use until this call has returned, and the pipe allows for one reading at a time.
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
        _connection = null; // It outlives this channel.
        Close();
        target.Post(() => arrived(target.Adopt(connection)));
    }
}
